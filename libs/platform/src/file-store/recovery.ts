import type { JsonValue, RowChange } from '#libs/kernel';
import type { FrameScanner } from './frame-scanner.ts';
import { JournalReader } from './journal-reader.ts';
import { journalDamaged, type Position } from './position.ts';
import type { TableRows } from './table-rows.ts';

/** A snapshot's word on the journal that it was made of. */
export interface Claim {
  readonly file: string;
  readonly position: Position;
  /** The table that was filled from the snapshot, so that only later lines count; null when it could not be. */
  readonly table: string | null;
}

export interface Recovered {
  readonly position: Position;
  /** What is behind the last whole frame: a write that never came to its fsync. */
  readonly torn: { readonly offset: number; readonly bytes: number } | null;
}

/**
 * Fills the tables from a journal, and checks all of it on the way.
 * Lines of a table that a snapshot filled are parsed only behind that snapshot's position.
 * @param tables those that the program knows; the rows of a line of another are passed over where `isLenient`
 * @throws PttError journal_damaged
 */
export async function recover(
  path: string,
  scanner: FrameScanner,
  tables: ReadonlyMap<string, TableRows<unknown>>,
  claims: readonly Claim[],
  isLenient: boolean,
): Promise<Recovered> {
  const reader = new JournalReader(path);
  const filledThrough = new Map(claims.map(({ table, position }) => [table, position.line]));
  const passThrough = Math.min(...[...tables.keys()].map((name) => filledThrough.get(name) ?? 0));
  const newestByTable = new Map<string, Map<string, { change: RowChange<JsonValue>; line: number }>>();
  const open = new Set(claims);

  const settle = (sawRecords: boolean): void => {
    for (const claim of open) {
      const { position } = claim;
      if (position.line > reader.position.line) continue;
      open.delete(claim);
      if (!reader.isAt(position, sawRecords)) throw notHeld(path, claim, reader.position);
      if (claim.table !== null) reader.position = position;
    }
  };

  settle(true);
  for (let frame = await scanner.next(); frame !== null; frame = await scanner.next()) {
    const last = frame.first + frame.count - 1;
    const isClaimed = [...open].some(({ position }) => position.line <= last);
    if (last <= passThrough && !isClaimed) {
      reader.pass(frame);
      continue;
    }
    // A claimed line is parsed for its version and its place in the chain, which the claim has to state.
    const lines = reader.read(frame, (line, table) => line > (filledThrough.get(table) ?? 0) || isClaimed);
    for (const line of lines) {
      if (line.line <= (filledThrough.get(line.table) ?? 0)) continue;
      if (!tables.has(line.table) && !isLenient) {
        throw journalDamaged(
          `${path} has a line of table ${line.table}, line ${line.line}, that this version does not know. Start the version that wrote it.`,
        );
      }
      const newest = newestByTable.get(line.table) ?? new Map<string, { change: RowChange<JsonValue>; line: number }>();
      newestByTable.set(line.table, newest);
      for (const change of line.changes) newest.set(change.key, { change, line: line.line });
    }
    settle(lines.some(({ records }) => records.length > 0));
  }
  const torn = await tornTail(path, scanner);
  for (const claim of open) throw notHeld(path, claim, reader.position);
  for (const rows of tables.values()) fill(path, rows, newestByTable.get(rows.table.name)?.values() ?? []);
  return { position: reader.position, torn };
}

/** Only a row's last state is parsed, and validated, once. */
function fill(
  path: string,
  rows: TableRows<unknown>,
  newest: Iterable<{ readonly change: RowChange<JsonValue>; readonly line: number }>,
): void {
  for (const { change, line } of newest) {
    try {
      rows.commit(rows.parse(change), Math.max(line, rows.lastLine));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw journalDamaged(
        `${path}, line ${line}: the row ${change.key} of ${rows.table.name} cannot be read: ${why}`,
        cause,
      );
    }
  }
}

async function tornTail(path: string, scanner: FrameScanner): Promise<Recovered['torn']> {
  const bytes = await scanner.left();
  if (bytes === 0) return null;
  const later = await scanner.laterFrame();
  if (later !== null) {
    throw journalDamaged(
      `${path} is damaged at byte ${scanner.offset}: the frame there does not hold, and another one follows at byte ${later}. Nothing was changed; put a sound copy of the journal in its place.`,
    );
  }
  return { offset: scanner.offset, bytes };
}

function notHeld(path: string, { file, position }: Claim, held: Position): Error {
  return journalDamaged(
    `${file} says that it was made of ${path} up to line ${position.line}, byte ${position.offset}, and the journal does not hold that: ` +
      `it has line ${held.line} at byte ${held.offset}. Put the journal that belongs to it back; or, if the journal is right, ` +
      `remove ${file} to have it made again, or its member "journal" to have its rows adopted as an edit.`,
  );
}
