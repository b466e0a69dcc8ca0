import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeCommand, LIMITS, type Origin, PttError, type Scope } from '#libs/kernel';
import { type IngestRequest, type Ingested, settled } from '../domain/index.ts';
import { decideIngest } from '../domain/ingest.ts';
import { Alerts } from '../ports/alerts.ts';
import { IngestStore } from '../ports/ingest-store.ts';
import { requireVerified } from './signer-workflow.ts';

/** admin.audit.ingest: the next records of another service's chain. */
export class IngestAudit extends ChangeCommand<Ingested> {
  readonly scope: Scope = 'admin:ingest';

  constructor(readonly request: IngestRequest) {
    super();
  }
}

@CommandHandler(IngestAudit)
export class IngestAuditHandler implements ICommandHandler<IngestAudit, Ingested> {
  #waiting = 0;

  constructor(
    private readonly ingested: IngestStore,
    private readonly alerts: Alerts,
  ) {}

  async execute({ origin, request }: IngestAudit): Promise<Ingested> {
    requireVerified(origin.actor);
    if (this.#waiting >= LIMITS.ingestsWaiting) {
      throw new PttError('too_many_requests', {
        detail: `${this.#waiting} calls wait for the journal already: nothing was taken. Send the same records again later.`,
      });
    }
    this.#waiting += 1;
    try {
      return await this.#ingest(request, origin);
    } finally {
      this.#waiting -= 1;
    }
  }

  async #ingest(request: IngestRequest, origin: Origin): Promise<Ingested> {
    const outcome = await this.ingested.append(request.source, origin, (state, tx) => decideIngest(state, request, tx));
    if ('refused' in outcome && outcome.refused.code === 'ingest_conflict') {
      this.alerts.raise({ kind: 'ingest_conflict', detail: outcome.refused.detail });
    }
    return settled(outcome);
  }
}
