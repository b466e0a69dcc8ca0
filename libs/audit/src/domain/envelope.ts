import { type AuditEvent, canonicalJson, type ChainHead, type Envelope, isRecord, sha256Hex } from '#libs/kernel';

/** Where every chain begins. */
export const GENESIS: ChainHead = { sequence: 0, hash: '0'.repeat(64) };

export const SINK_STATUSES = ['deferred', 'pending', 'shipped', 'archived', 'parked'] as const;

/** An envelope that has its place in a chain. */
export type ChainedEnvelope = Envelope & ChainHead & { readonly prev_hash: string };

/**
 * SHA-256 over the RFC 8785 bytes of `{event, sequence, prev_hash}`, in lower-case hex.
 * @throws when the event holds what canonical JSON cannot carry, such as a lone surrogate.
 */
export function hashOf(event: AuditEvent, sequence: number, prevHash: string): string {
  return sha256Hex(canonicalJson({ event, sequence, prev_hash: prevHash }));
}

const MEMBERS: ReadonlySet<string> = new Set(['event', 'sequence', 'prev_hash', 'hash', 'sink_status']);
const HASH = /^[0-9a-f]{64}$/;

/**
 * Whether what was read has the shape of a chained envelope: those five members, no other, each of its type.
 * The event's own members are the schema's affair; here it only must say its id and source.
 */
export function isChainedEnvelope(value: unknown): value is ChainedEnvelope {
  return (
    isRecord(value) &&
    Object.keys(value).every((member) => MEMBERS.has(member)) &&
    isEvent(value['event']) &&
    isSequence(value['sequence']) &&
    isHash(value['prev_hash']) &&
    isHash(value['hash']) &&
    SINK_STATUSES.some((status) => status === value['sink_status'])
  );
}

function isEvent(value: unknown): boolean {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['source'] === 'string';
}

function isSequence(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && HASH.test(value);
}
