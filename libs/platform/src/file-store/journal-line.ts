import {
  type Envelope,
  type Instant,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type OutboxMessage,
  parseInstant,
  parseJson,
  type RowChange,
  toIso,
} from '#libs/kernel';

/** One committed change with all that belongs to it. */
export interface JournalLine {
  /** From 1, with no gaps. */
  readonly line: number;
  readonly at: Instant;
  readonly table: string;
  /** The store's version counter after this line. */
  readonly version: number;
  /** Rows as their table has them; `rows(table).onChange` gives them with their type. */
  readonly changes: readonly RowChange<unknown>[];
  /** Chained. */
  readonly records: readonly Envelope[];
  readonly messages: readonly OutboxMessage[];
}

/** A line as it was read, its rows not yet looked at. */
export interface StoredLine extends JournalLine {
  readonly changes: readonly RowChange<JsonValue>[];
}

/** `line` and `table` come first, so that `tableOf` need not parse the rest. */
export function encodeLine({ line, table, at, version, changes, records, messages }: JournalLine): string {
  return JSON.stringify({ line, table, at: toIso(at), version, changes, records, messages });
}

const TABLE = /^\{"line":\d+,"table":"([\w.-]+)",/;

/** The table of a line's text, at no more cost than its first bytes; null when only parsing can tell. */
export function tableOf(text: string): string | null {
  return TABLE.exec(text)?.[1] ?? null;
}

/** What `encodeLine` made. @throws Error that says which member is wrong */
export function decodeLine(text: string): StoredLine {
  const line = parseJson(text);
  const at = parseInstant(textOf(line, 'at'));
  if (at === null) throw new Error('at is no instant');
  return {
    line: numberOf(line, 'line'),
    at,
    table: textOf(line, 'table'),
    version: numberOf(line, 'version'),
    changes: listOf(line, 'changes').map(changeOf),
    records: listOf(line, 'records').map(envelopeOf),
    messages: listOf(line, 'messages').map(messageOf),
  };
}

function memberOf(value: JsonValue, name: string): JsonValue {
  const member = isJsonObject(value) ? value[name] : undefined;
  if (member === undefined) throw new Error(`${name} is missing`);
  return member;
}

function numberOf(value: JsonValue, name: string): number {
  const member = memberOf(value, name);
  if (typeof member !== 'number' || !Number.isSafeInteger(member)) throw new Error(`${name} is no whole number`);
  return member;
}

function textOf(value: JsonValue, name: string): string {
  const member = memberOf(value, name);
  if (typeof member !== 'string') throw new Error(`${name} is no text`);
  return member;
}

function objectOf(value: JsonValue, name: string): JsonObject {
  const member = memberOf(value, name);
  if (!isJsonObject(member)) throw new Error(`${name} is no object`);
  return member;
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

function listOf(value: JsonValue, name: string): readonly JsonValue[] {
  const member = memberOf(value, name);
  if (!isList(member)) throw new Error(`${name} is no list`);
  return member;
}

function changeOf(value: JsonValue): RowChange<JsonValue> {
  return { key: textOf(value, 'key'), version: numberOf(value, 'version'), row: memberOf(value, 'row') };
}

function envelopeOf(value: JsonValue): Envelope {
  const event = objectOf(value, 'event');
  return {
    event: { ...event, id: textOf(event, 'id'), source: textOf(event, 'source') },
    sequence: numberOf(value, 'sequence'),
    prev_hash: textOf(value, 'prev_hash'),
    hash: textOf(value, 'hash'),
    sink_status: sinkStatusOf(textOf(value, 'sink_status')),
  };
}

function sinkStatusOf(text: string): Envelope['sink_status'] {
  switch (text) {
    case 'deferred':
    case 'pending':
    case 'shipped':
    case 'archived':
    case 'parked':
      return text;
    default:
      throw new Error('sink_status is not known');
  }
}

function messageOf(value: JsonValue): OutboxMessage {
  const channel = textOf(value, 'channel');
  if (channel !== 'ptt.ff.invalidate' && channel !== 'approval_ttl_refresh') throw new Error('channel is not known');
  return { channel, payload: objectOf(value, 'payload') };
}
