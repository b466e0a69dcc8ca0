import { type Envelope, isRecord, PttError } from '#libs/kernel';

/**
 * How far a search has come: the last sequence that was given, per source. It points into the chains and not
 * into a file, so it stays good when sources are interleaved otherwise or records are kept elsewhere.
 */
export type AuditCursor = ReadonlyMap<string, number>;

type InChain = Envelope & { readonly sequence: number };

export const FROM_THE_START: AuditCursor = new Map();

/** Whether the envelope is in a chain and comes after what was given already. */
export function isAfter(cursor: AuditCursor, envelope: Envelope): envelope is InChain {
  return envelope.sequence !== null && envelope.sequence > (cursor.get(envelope.event.source) ?? 0);
}

export function moveCursor(cursor: AuditCursor, { event, sequence }: InChain): AuditCursor {
  return new Map([...cursor, [event.source, sequence]]);
}

/** The cursor as text for a URL. Callers give it back as it is. */
export function writeCursor(cursor: AuditCursor): string {
  return Buffer.from(JSON.stringify(Object.fromEntries(cursor))).toString('base64url');
}

/** @throws PttError invalid_cursor, when the text is none of ours. */
export function readCursor(text: string): AuditCursor {
  const read = parse(Buffer.from(text, 'base64url').toString());
  if (!isRecord(read)) throw invalidCursor();
  const cursor = new Map<string, number>();
  for (const [source, sequence] of Object.entries(read)) {
    if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 1) throw invalidCursor();
    cursor.set(source, sequence);
  }
  return cursor;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function invalidCursor(): PttError {
  return new PttError('invalid_cursor', {
    pointer: '#/query/cursor',
    detail: 'The cursor is none that a search has answered. Use `next_cursor` as it was given, or leave it out.',
  });
}
