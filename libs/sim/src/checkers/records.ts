import { type Envelope, isRecord, sha256Hex } from '#libs/kernel';
import type { JournalLine } from '#libs/platform';
import { isSameJson, recordOf, textOf } from './fields.ts';

/** Rows of these tables have a record each. */
const RECORDED_EACH = new Set(['override', 'approval']);
const REGISTRY_LISTS = ['added', 'changed', 'removed'] as const;
const GENESIS = '0'.repeat(64);

/**
 * Holds the records of a line against what it changes: each says what the row was and what it is, or, of the registry,
 * which flags are others now.
 * @param before the row of a key as it was until then; null where there was none
 * @returns what is wrong; null where nothing is
 */
export function recordFault({ table, changes, records }: JournalLine, before: (key: string) => unknown): string | null {
  if (table === 'flag' && changes.length > 0) {
    const named = records.flatMap(({ event }) => flagsNamedBy(recordOf(recordOf(event['data'])['after'])));
    const keys = changes.map(({ key }) => key);
    return isSame(named.toSorted(), keys.toSorted()) ? null : `it records ${named.join()}`;
  }
  if (!RECORDED_EACH.has(table)) return null;
  const made = records.map(({ event }) => recordOf(event['data'])).filter((data) => isChangeOf(data, table));
  if (made.length !== changes.length) return `it has ${changes.length} changes and records ${made.length}`;
  for (const { key, row } of changes) {
    const data = made.find(({ target }) => recordOf(target)['id'] === key);
    if (data === undefined) return `it changes ${key} and records nothing of it`;
    if (!isSame(data['after'], row)) return `its record has another ${key} than it commits`;
    if (!isSame(data['before'], before(key))) return `its record has another ${key} than was there before`;
  }
  return null;
}

/**
 * Walks a chain from its first record, by the words of its specification and none of the recorder's code, which would be
 * wrong in the same way on both sides.
 * @returns what is wrong; null where nothing is
 */
export function chainFault(envelopes: readonly Envelope[]): string | null {
  let head = GENESIS;
  for (const [index, { event, sequence, prev_hash, hash }] of envelopes.entries()) {
    if (sequence !== index + 1) return `record ${index + 1} says that it is ${sequence}`;
    if (prev_hash !== head) return `record ${sequence} does not follow the one before`;
    const text = canonical({ event, sequence, prev_hash });
    if (hash !== sha256Hex(text)) return `record ${sequence} is not what was hashed`;
    head = hash;
  }
  return null;
}

/** RFC 8785 of what was read as JSON: members in the order of their code units. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

/** Whether it says that something of that table was changed. */
function isChangeOf({ outcome, action }: Readonly<Record<string, unknown>>, table: string): boolean {
  return outcome === 'accepted' && textOf(action).startsWith(`${table}.`);
}

function flagsNamedBy(after: Readonly<Record<string, unknown>>): readonly string[] {
  return REGISTRY_LISTS.flatMap((name) => {
    const keys = after[name];
    return Array.isArray(keys) ? keys.map(textOf) : [];
  });
}

/** A record leaves out what is not there. */
function isSame(recorded: unknown, row: unknown): boolean {
  return isSameJson(recorded ?? null, row ?? null);
}
