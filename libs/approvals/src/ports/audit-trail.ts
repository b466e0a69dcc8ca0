import type { Envelope, Instant } from '#libs/kernel';

/** What to look for; every member that is there must match. */
export interface AuditFilter {
  readonly source?: string;
  readonly action?: string;
  readonly targetType?: string;
  readonly targetId?: string;
  /** The actor's id. */
  readonly actor?: string;
  readonly outcome?: 'accepted' | 'refused';
  readonly tenantId?: string;
  readonly correlationId?: string;
  /** From that instant on, and before that one. */
  readonly from?: Instant;
  readonly to?: Instant;
}

export interface AuditPage {
  /** Oldest first. */
  readonly records: readonly Envelope[];
  /** Where to go on; null when there is nothing more by now. */
  readonly nextCursor: string | null;
}

/** What was recorded here, and what was ingested. */
export abstract class AuditTrail {
  /** The next `limit` matching records behind `cursor`. @throws PttError `invalid_cursor` */
  abstract search(filter: AuditFilter, cursor: string | null, limit: number): Promise<AuditPage>;

  /** Every matching record, never held whole. */
  abstract all(filter: AuditFilter): AsyncIterable<Envelope>;
}
