import { createHash } from 'node:crypto';
import { isJsonObject, isRecord, type JsonObject, type JsonValue } from '#libs/kernel';
import { type Position, positionOf } from './position.ts';
import type { Tombstone } from './table.ts';

/** What the store adds to a document: of which journal position it is, which versions are gone, and that all is its own. */
export interface Imprint {
  readonly position: Position;
  readonly tombstones: readonly Tombstone[];
}

/** Elements whose text is joined at a time: a piece is written before the next is made, so callers get their turn. */
const ELEMENTS = 256;

type TextOf = (value: unknown) => string;

/** One value, set in by so many spaces but for its first line. */
export function indented(value: unknown, spaces: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(spaces)}`);
}

/** The text of an element of one of the document's lists, or of a member of one of its objects. */
export const elementText: TextOf = (value) => indented(value, 4);

function* membersText(document: Readonly<Record<string, unknown>>, textOf: TextOf): Generator<string> {
  yield '{\n';
  for (const [name, value] of Object.entries(document)) {
    if (value === undefined) continue;
    yield `  ${JSON.stringify(name)}: `;
    yield* valueText(value, textOf);
    yield ',\n';
  }
}

/** A list or an object in pieces, anything else in one. */
function* valueText(value: unknown, textOf: TextOf): Generator<string> {
  const isList = Array.isArray(value);
  const elements: readonly unknown[] = isList ? value : [];
  const members = isRecord(value) ? Object.entries(value).filter(([, member]) => member !== undefined) : [];
  const count = elements.length + members.length;
  if (count === 0) {
    yield indented(value, 2);
    return;
  }
  yield isList ? '[\n    ' : '{\n    ';
  for (let from = 0; from < count; from += ELEMENTS) {
    const texts = isList
      ? elements.slice(from, from + ELEMENTS).map(textOf)
      : members.slice(from, from + ELEMENTS).map(([name, member]) => `${JSON.stringify(name)}: ${textOf(member)}`);
    yield `${from === 0 ? '' : ',\n    '}${texts.join(',\n    ')}`;
  }
  yield isList ? '\n  ]' : '\n  }';
}

/**
 * A snapshot's text, piece by piece: the document's members, then `journal` with a digest of all before it.
 * @param textOf the text of a list's element, as `elementText` makes it
 */
export function* snapshotText(
  document: Readonly<Record<string, unknown>>,
  imprint: Imprint,
  textOf: TextOf = elementText,
): Generator<string> {
  const digest = createHash('sha256');
  for (const piece of membersText(document, textOf)) {
    digest.update(piece);
    yield piece;
  }
  yield `  "journal": ${indented(journalMember(imprint, digest.update(stated(imprint)).digest('hex')), 2)}\n}\n`;
}

/** Characters that are written at a time: a file of few rows is one write, and a write of many does not hold callers up. */
const PART = 65_536;

/** A text's pieces, joined to parts that are worth a write of their own. */
export function* partsOf(pieces: Iterable<string>): Generator<string> {
  let part = '';
  for (const piece of pieces) {
    part += piece;
    if (part.length < PART) continue;
    yield part;
    part = '';
  }
  if (part !== '') yield part;
}

const stated = ({ position: { id, line, offset, version, chain }, tombstones }: Imprint): string =>
  JSON.stringify([
    id,
    line,
    offset,
    version,
    chain.sequence,
    chain.hash,
    tombstones.map(({ key, version: of }) => [key, of]),
  ]);

/** The member `journal`. Without a digest the members before it are somebody else's. */
export const journalMember = (
  { position: { id, line, offset, version, chain }, tombstones }: Imprint,
  digest?: string,
): object => ({
  id,
  line,
  offset,
  version,
  chain: { sequence: chain.sequence, hash: chain.hash },
  tombstones,
  digest,
});

/** A snapshot's document, taken apart again. */
export interface ReadDocument {
  /** Without the member `journal`. */
  readonly members: JsonObject;
  /** What `journal` states; null where there is none, as in a file written by hand. */
  readonly imprint: Imprint | null;
  /** Whether the digest holds: nobody else edited the members. White space does not count. */
  readonly isOwn: boolean;
}

/** @returns null when the document is no object, or has a member `journal` that is not the store's */
export function readDocument(value: JsonValue): ReadDocument | null {
  if (!isJsonObject(value)) return null;
  const { journal, ...members } = value;
  if (journal === undefined) return { members, imprint: null, isOwn: false };
  const position = positionOf(journal);
  if (position === null || !isRecord(journal)) return null;
  const tombstones = tombstonesOf(journal['tombstones']);
  if (tombstones === null) return null;
  const imprint = { position, tombstones };
  const digest = createHash('sha256');
  for (const piece of membersText(members, elementText)) digest.update(piece);
  return { members, imprint, isOwn: digest.update(stated(imprint)).digest('hex') === journal['digest'] };
}

function tombstonesOf(value: unknown): readonly Tombstone[] | null {
  if (!Array.isArray(value)) return null;
  const tombstones: Tombstone[] = [];
  for (const each of value) {
    if (!isRecord(each)) return null;
    const { key, version } = each;
    if (typeof key !== 'string' || typeof version !== 'number') return null;
    tombstones.push({ key, version });
  }
  return tombstones;
}
