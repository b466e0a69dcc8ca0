import {
  type AuditEvent,
  type ChainHead,
  type Decision,
  type Fault,
  type JsonValue,
  LIMITS,
  PttError,
  type Transaction,
  canonicalJson,
  isJsonObject,
  sha256Hex,
  unchanged,
} from '#libs/kernel';
import { Fields } from './fields.ts';
import type { Outcome, Refusal } from './outcome.ts';

/** A record of another service's chain, as it comes in. */
export interface ChainedRecord {
  readonly event: AuditEvent;
  readonly sequence: number;
  readonly prev_hash: string;
  readonly hash: string;
}

/** A record that was accepted; its key is its place in its source's chain. */
export interface IngestedRecord extends ChainedRecord {
  readonly source: string;
  readonly version: number;
}

/** How far a source's chain was accepted. */
export interface SourceState {
  readonly head: ChainHead;
  /** The hash under which an event of the source was accepted; null when it was not. */
  hashOf(eventId: string): string | null;
}

export interface Ingested {
  /** The last sequence of the source that is safely here; 0 when none is. */
  readonly accepted_through: number;
}

const HASH_SHAPE = /^[0-9a-f]{64}$/;

/** The chain that this service writes itself. */
const OWN_SOURCE = '/ptt/admin';

/** Before the first record of a chain. */
export const CHAIN_START: ChainHead = { sequence: 0, hash: '0'.repeat(64) };

export function ingestKey(source: string, sequence: number): string {
  return JSON.stringify([source, sequence]);
}

/** JSON.parse makes Infinity of 1e999, and takes half a character: neither has a hash. */
function isCanonical(value: JsonValue): boolean {
  try {
    canonicalJson(value);
    return true;
  } catch {
    return false;
  }
}

function readEvent(fields: Fields): AuditEvent {
  const value = fields.value('event');
  const event = Fields.of(value ?? null, fields.at('event'), fields.faults);
  if (value !== undefined && !isCanonical(value))
    fields.fault('event', 'holds a number or a text that JSON cannot carry');
  return { ...(isJsonObject(value) ? value : {}), id: event.id('id'), source: event.id('source') };
}

function readLink(fields: Fields): ChainedRecord {
  return {
    event: readEvent(fields),
    sequence: fields.integer('sequence', 1),
    prev_hash: fields.id('prev_hash', HASH_SHAPE),
    hash: fields.id('hash', HASH_SHAPE),
  };
}

/** Reads one envelope for ingest: `{event, sequence, prev_hash, hash, sink_status}`. Faults are added to `faults`. */
export function readChainedRecord(value: JsonValue, pointer: string, faults: Fault[]): ChainedRecord {
  const fields = Fields.of(value, pointer, faults);
  const record = readLink(fields);
  fields.value('sink_status');
  fields.end();
  return record;
}

/** Reads an accepted record as it is stored. Faults are added to `faults`. */
export function readIngestedRecord(value: JsonValue, faults: Fault[]): IngestedRecord {
  const fields = Fields.of(value, '', faults);
  const record = { ...readLink(fields), source: fields.id('source'), version: fields.integer('version', 1) };
  fields.end();
  return record;
}

/**
 * The records of one call, at most 500.
 * @throws PttError `invalid_field` with every fault, up to 50 of them.
 */
export function parseChainedRecords(values: readonly JsonValue[], pointer = '/records'): readonly ChainedRecord[] {
  if (values.length > LIMITS.ingestRecords) {
    throw new PttError('invalid_field', { detail: `At most ${LIMITS.ingestRecords} records a call.`, pointer });
  }
  const faults: Fault[] = [];
  const records = values.map((value, index) => readChainedRecord(value, `${pointer}/${index}`, faults));
  if (faults.length > 0) {
    throw new PttError('invalid_field', {
      detail: 'Records do not hold; nothing was taken.',
      faults: faults.slice(0, LIMITS.faultsPerAnswer),
    });
  }
  return records;
}

export interface IngestRequest {
  /** The chain, e.g. `/ptt/ff`. */
  readonly source: string;
  readonly records: readonly ChainedRecord[];
}

/** SHA-256 over the RFC 8785 bytes of `{event, sequence, prev_hash}`, as contracts/audit/envelope.v1.schema.json has it. */
export function chainHash({
  event,
  sequence,
  prev_hash,
}: Pick<ChainedRecord, 'event' | 'sequence' | 'prev_hash'>): string {
  return sha256Hex(canonicalJson({ event, sequence, prev_hash }));
}

/** The new records in their order, or the first thing that is wrong; all of a call are taken, or none. */
function judge(state: SourceState, { source, records }: IngestRequest): Outcome<readonly ChainedRecord[]> {
  if (source === OWN_SOURCE) {
    const detail = `${OWN_SOURCE} is recorded here and comes in from nowhere else.`;
    return { refused: { code: 'ingest_invalid', detail, pointer: '/source' } };
  }
  const fresh = new Map<string, ChainedRecord>();
  let head = state.head;
  for (const [index, record] of records.entries()) {
    const { event, sequence, prev_hash, hash } = record;
    const pointer = `/records/${index}`;
    const invalid = (member: string, detail: string): Outcome<never> => ({
      refused: { code: 'ingest_invalid', detail, pointer: `${pointer}/${member}` },
    });
    if (event.source !== source)
      return invalid('event/source', `Record ${sequence} is of ${event.source}, not of ${source}.`);
    const accepted = fresh.get(event.id)?.hash ?? state.hashOf(event.id);
    // What it states is what was accepted; whether it is so is asked of a repeat too.
    if (accepted === hash && chainHash(record) === hash) continue;
    if (accepted !== null || sequence <= head.sequence) {
      const detail = `Record ${sequence} (${event.id}) differs from what was accepted; the chain of ${source} was altered.`;
      return { refused: { code: 'ingest_conflict', detail, pointer } };
    }
    if (sequence !== head.sequence + 1) {
      const expected_sequence = state.head.sequence + 1;
      const detail = `Record ${sequence} follows ${head.sequence}: send the chain of ${source} from ${expected_sequence} on, without gaps.`;
      return { refused: { code: 'ingest_gap', detail, pointer, extensions: { expected_sequence } } };
    }
    if (prev_hash !== head.hash)
      return invalid('prev_hash', `Record ${sequence} does not continue the record before it.`);
    if (chainHash(record) !== hash) return invalid('hash', `Record ${sequence} does not have the hash it states.`);
    fresh.set(event.id, record);
    head = { sequence, hash };
  }
  return { accepted: [...fresh.values()] };
}

function refuseIngest(source: string, refused: Refusal): Decision<IngestedRecord, Outcome<Ingested>> {
  return {
    ...unchanged({ refused }),
    records: [
      {
        action: 'ingest.refused',
        target: { type: 'audit_source', id: source },
        outcome: 'refused',
        reason: refused.code,
      },
    ],
  };
}

function ingested(record: ChainedRecord, source: string, tx: Transaction): IngestedRecord {
  return { ...record, source, version: tx.nextVersion() };
}

/** Accepts the next records of a source's chain. Those already here are passed over; with nothing new nothing is written. */
export function decideIngest(
  state: SourceState,
  request: IngestRequest,
  tx: Transaction,
): Decision<IngestedRecord, Outcome<Ingested>> {
  const { source } = request;
  const judged = judge(state, request);
  if ('refused' in judged) return refuseIngest(source, judged.refused);
  const last = judged.accepted.at(-1);
  if (last === undefined) return unchanged({ accepted: { accepted_through: state.head.sequence } });
  const accepted_through = last.sequence;
  const rows = judged.accepted.map((record) => ingested(record, source, tx));
  return {
    answer: { accepted: { accepted_through } },
    changes: rows.map((row) => ({ key: ingestKey(source, row.sequence), version: row.version, row })),
    records: [
      {
        action: 'ingest.accepted',
        target: { type: 'audit_source', id: source },
        after: { accepted_through, records: rows.length },
        outcome: 'accepted',
      },
    ],
    messages: [],
  };
}
