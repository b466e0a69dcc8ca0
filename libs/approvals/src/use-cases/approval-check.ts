import { Injectable } from '@nestjs/common';
import { type JsonObject, LIMITS, PttError } from '#libs/kernel';
import { APPROVAL_ID_SHAPE, type Place, type Verdict, checkDecision } from '../domain/index.ts';
import { ApprovalStore } from '../ports/approval-store.ts';
import { MatrixSource } from '../ports/matrix-source.ts';

/** One answer of sensitive.check.2b, as contracts/http/sensitive-check-answer.schema.json has it. */
export type CheckAnswer = JsonObject & {
  readonly decision: Verdict['decision'];
  readonly ttl_state: Verdict['ttl_state'];
  readonly approval_ref?: string;
  readonly reason?: string;
  readonly valid_for_ms?: number;
  readonly meta: {
    readonly operator_alert: boolean;
    readonly warnings: readonly string[];
    readonly backing_state: 'file_backed' | 'db_backed';
  };
};

/** Whose question it is. */
export interface Asking {
  /** The approval that the subject's token names; a caller without a subject token means none. */
  readonly approvalRef: string | null;
  /** False where the caller's claims were only read: the answer says so. */
  readonly isVerified: boolean;
}

/** The check itself: Admin's route asks it over HTTP, a modelled gate in process. */
@Injectable()
export class ApprovalCheck {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly matrix: MatrixSource,
  ) {}

  /**
   * One answer a place, in their order, all at one instant.
   * @throws PttError `invalid_field` for more than 100 places
   */
  async check(places: readonly Place[], { approvalRef, isVerified }: Asking): Promise<readonly CheckAnswer[]> {
    if (places.length > LIMITS.checksPerCall) {
      throw new PttError('invalid_field', {
        detail: `At most ${LIMITS.checksPerCall} checks a call.`,
        pointer: '/checks',
      });
    }
    const matrix = await this.matrix.current();
    const { at, candidates, named } = await this.approvals.view(places, approvalRef);
    const warnings = isVerified ? [] : ['auth_not_verified'];
    return places.map((place, index) => {
      const verdict = checkDecision({
        place,
        row: matrix.get(place.matrix_row) ?? null,
        candidates: candidates[index] ?? [],
        named: approvalRef === null ? null : { ref: approvalRef, approval: named },
        at,
      });
      return this.#answer(verdict, warnings);
    });
  }

  #answer(verdict: Verdict, warnings: readonly string[]): CheckAnswer {
    const { decision, ttl_state, approval_ref } = verdict;
    return {
      decision,
      ttl_state,
      // What a token names may be anything; only what could be an approval is repeated.
      ...(approval_ref !== null && APPROVAL_ID_SHAPE.test(approval_ref) ? { approval_ref } : {}),
      ...(verdict.decision === 'deny' ? { reason: verdict.reason } : { valid_for_ms: verdict.valid_for_ms }),
      meta: {
        operator_alert: ttl_state === 'stale',
        warnings: decision === 'allow-with-warning' ? ['approval_expiring', ...warnings] : warnings,
        backing_state: this.approvals.backing,
      },
    };
  }
}
