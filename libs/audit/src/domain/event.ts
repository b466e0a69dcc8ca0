import {
  type Actor,
  type AuditEntry,
  type AuditEvent,
  type Instant,
  invariant,
  isRecord,
  type JsonValue,
  toIso,
  type Trace,
} from '#libs/kernel';

/** The services that record, as CloudEvents sources: the service, never a replica of it. */
export const AUDIT_SOURCES = ['/ptt/ff', '/ptt/admin'] as const;
export type AuditSource = (typeof AUDIT_SOURCES)[number];

export interface RecordedBy {
  readonly actor: Actor;
  readonly trace: Trace;
  readonly at: Instant;
}

/**
 * The CloudEvents 1.0 event of an entry, in structured JSON (contracts/audit/envelope.v1.schema.json).
 * Only named members are copied, so that neither the token's other claims nor anything else can slip in.
 */
export function eventOf(entry: AuditEntry, by: RecordedBy, place: { id: string; source: AuditSource }): AuditEvent {
  return {
    specversion: '1.0',
    id: place.id,
    source: place.source,
    type: `ptt.audit.${entry.action}`,
    subject: `${entry.target.type}/${entry.target.id}`,
    time: toIso(by.at),
    datacontenttype: 'application/json',
    data: dataOf(entry, by),
  };
}

function dataOf(entry: AuditEntry, { actor, trace }: RecordedBy): Record<string, JsonValue> {
  const data: Record<string, JsonValue> = {
    actor: { id: actor.id, roles: actor.roles, verified: actor.verified },
    action: entry.action,
    target: { type: entry.target.type, id: entry.target.id },
    outcome: entry.outcome,
    correlation_id: trace.correlationId,
  };
  if (entry.tenantId !== undefined) data['tenant_id'] = entry.tenantId;
  if (entry.before !== undefined) data['before'] = withoutContext(entry.before);
  if (entry.after !== undefined) data['after'] = withoutContext(entry.after);
  if (entry.reason !== undefined) data['reason'] = entry.reason;
  if (entry.approvalRef !== undefined) data['approval_ref'] = entry.approvalRef;
  if (trace.causationId !== undefined) data['causation_id'] = trace.causationId;
  return data;
}

/** An evaluation context may hold personal fields: no use case may put one into a record that is kept for years. */
function withoutContext(state: JsonValue): JsonValue {
  invariant(!isRecord(state) || !Object.hasOwn(state, 'context'), 'an evaluation context is never recorded');
  return state;
}
