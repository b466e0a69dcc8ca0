import { type ChainHead, type Envelope, isRecord, PttError, sha256Hex } from '#libs/kernel';

/** How far a journal goes: its last line, the byte after that line's frame, and what the lines up to there came to. */
export interface Position {
  /** Which journal it is in, as `journalId` has it; null before the first line, where all journals are alike. */
  readonly id: string | null;
  readonly line: number;
  readonly offset: number;
  /** The highest version given. */
  readonly version: number;
  /** The last record of the chain. */
  readonly chain: ChainHead;
}

export const BEGINNING: Position = {
  id: null,
  line: 0,
  offset: 0,
  version: 0,
  chain: { sequence: 0, hash: '0'.repeat(64) },
};

/** By what a journal is told apart from every other: SHA-256 of its first line, whose instant and ids are its own. */
export function journalId(firstLine: string | Uint8Array): string {
  return sha256Hex(firstLine);
}

/** The end of the chain after these records. */
export function headAfter(records: readonly Envelope[], head: ChainHead): ChainHead {
  const last = records.at(-1);
  return last === undefined || last.sequence === null || last.hash === null
    ? head
    : { sequence: last.sequence, hash: last.hash };
}

export function isSamePosition(a: Position, b: Position): boolean {
  return (
    a.id === b.id &&
    a.line === b.line &&
    a.offset === b.offset &&
    a.version === b.version &&
    a.chain.sequence === b.chain.sequence &&
    a.chain.hash === b.chain.hash
  );
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** The position that a snapshot states; null when these are no members of one. */
export function positionOf(stated: unknown): Position | null {
  if (!isRecord(stated)) return null;
  const { id, line, offset, version, chain } = stated;
  if (!isCount(line) || !isCount(offset) || !isCount(version) || !isRecord(chain)) return null;
  if ((typeof id !== 'string' && id !== null) || (id === null) !== (line === 0)) return null;
  const { sequence, hash } = chain;
  if (!isCount(sequence) || typeof hash !== 'string') return null;
  return { id, line, offset, version, chain: { sequence, hash } };
}

export function journalDamaged(detail: string, cause?: unknown): PttError {
  return new PttError('journal_damaged', { detail, cause });
}
