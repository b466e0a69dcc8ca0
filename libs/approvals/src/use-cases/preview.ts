import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type AuditEntry, AuditRecorder, Clock, type Envelope, type Origin, invariant } from '#libs/kernel';
import type { Place } from '../domain/index.ts';
import { ApprovalCheck, type Asking, type CheckAnswer } from './approval-check.ts';

export interface Previewed {
  readonly check: CheckAnswer;
  /** What would be recorded of it; in no chain, and kept nowhere. */
  readonly envelope: Envelope;
}

/** What the check would say, and the envelope that it would make. Records nothing. Needs `admin:check`. */
export class Preview extends Query<Previewed> {
  constructor(
    readonly place: Place,
    readonly asking: Asking,
    readonly origin: Origin,
  ) {
    super();
  }
}

@QueryHandler(Preview)
export class PreviewHandler implements IQueryHandler<Preview> {
  constructor(
    private readonly approvals: ApprovalCheck,
    private readonly recorder: AuditRecorder,
    private readonly clock: Clock,
  ) {}

  async execute({ place, asking, origin }: Preview): Promise<Previewed> {
    const [check] = await this.approvals.check([place], asking);
    invariant(check !== undefined, 'one question has one answer');
    const event = this.recorder.event(entryOf(place, check), { ...origin, at: this.clock.now() });
    return { check, envelope: { event, sequence: null, prev_hash: null, hash: null, sink_status: 'deferred' } };
  }
}

function entryOf(
  { target_type, target_id, matrix_row }: Place,
  { decision, ttl_state, reason, approval_ref }: CheckAnswer,
): AuditEntry {
  return {
    action: 'sensitive.checked',
    target: { type: target_type, id: target_id },
    after: { matrix_row, decision, ttl_state },
    outcome: decision === 'deny' ? 'refused' : 'accepted',
    ...(reason === undefined ? {} : { reason }),
    ...(approval_ref === undefined ? {} : { approvalRef: approval_ref }),
  };
}
