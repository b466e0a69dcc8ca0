import { type Envelope, type Instant, isRecord, parseInstant } from '#libs/kernel';
import { type AuditCursor, isAfter, moveCursor } from './cursor.ts';

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
  /** Of one of these tenants; a record of no tenant is of none of them. */
  readonly tenants?: readonly string[];
  readonly correlationId?: string;
  /** From that instant on, and before that one. */
  readonly from?: Instant;
  readonly to?: Instant;
}

export interface AuditPage {
  readonly items: readonly Envelope[];
  /** Where to go on; null when there is nothing more by now. */
  readonly next: AuditCursor | null;
}

export function matches(filter: AuditFilter, { event }: Envelope): boolean {
  const { data } = event;
  return (
    isRecord(data) &&
    isWanted(filter.source, event.source) &&
    isWanted(filter.action, data['action']) &&
    isWanted(filter.targetType, memberOf(data['target'], 'type')) &&
    isWanted(filter.targetId, memberOf(data['target'], 'id')) &&
    isWanted(filter.actor, memberOf(data['actor'], 'id')) &&
    isWanted(filter.outcome, data['outcome']) &&
    isWanted(filter.tenantId, data['tenant_id']) &&
    (filter.tenants === undefined || filter.tenants.some((tenant) => tenant === data['tenant_id'])) &&
    isWanted(filter.correlationId, data['correlation_id']) &&
    isWithin(filter, event['time'])
  );
}

/** The next `limit` matching envelopes behind `cursor`, oldest first; reads no further than it must. */
export async function searchPage(
  envelopes: AsyncIterable<Envelope>,
  filter: AuditFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: AuditCursor },
): Promise<AuditPage> {
  const items: Envelope[] = [];
  let passed = cursor;
  for await (const envelope of envelopes) {
    if (isAfter(cursor, envelope) && matches(filter, envelope)) {
      if (items.length === limit) return { items, next: passed };
      items.push(envelope);
      passed = moveCursor(passed, envelope);
    }
  }
  return { items, next: null };
}

/** One envelope as one line of NDJSON, with its line end. */
export function ndjsonLine(envelope: Envelope): string {
  return `${JSON.stringify(envelope)}\n`;
}

function isWanted(wanted: string | undefined, found: unknown): boolean {
  return wanted === undefined || wanted === found;
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function isWithin({ from, to }: AuditFilter, time: unknown): boolean {
  if (from === undefined && to === undefined) return true;
  const at = typeof time === 'string' ? parseInstant(time) : null;
  return at !== null && (from === undefined || at >= from) && (to === undefined || at < to);
}
