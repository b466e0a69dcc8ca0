import { join } from 'node:path';
import type { Disk, DiskWriter } from '../disk/index.ts';
import { FramePlaces } from './frame-places.ts';
import { FrameScanner } from './frame-scanner.ts';
import type { JournalLine } from './journal-line.ts';
import { JournalReader } from './journal-reader.ts';
import { JOURNAL, nextName } from './names.ts';
import type { StoreNotice } from './notice.ts';
import { BEGINNING, journalDamaged, type Position } from './position.ts';
import { type Claim, recover, type Recovered } from './recovery.ts';
import type { StoreRows } from './store-rows.ts';

const COPY_BYTES = 1_048_576;

export const journalPath = (folder: string): string => join(folder, JOURNAL);

/** Fills the tables from a folder's journal; one that is not there yet is empty. @throws PttError journal_damaged */
export async function recoverFrom(
  folder: string,
  disk: Disk,
  rows: StoreRows,
  claims: readonly Claim[],
  isLenient: boolean,
): Promise<Recovered> {
  const path = journalPath(folder);
  const reader = (await disk.openRead(path)) ?? NO_FILE;
  try {
    return await recover(path, new FrameScanner(reader, 0), rows.byName, claims, isLenient);
  } finally {
    await reader.close();
  }
}

const NO_FILE = {
  read: (): Promise<Uint8Array> => Promise.resolve(new Uint8Array()),
  close: (): Promise<void> => Promise.resolve(),
};

/** Opens the journal for writing, without its torn end. */
export async function openForWriting(
  folder: string,
  disk: Disk,
  torn: Recovered['torn'],
  report: (notice: StoreNotice) => void,
): Promise<DiskWriter> {
  const path = journalPath(folder);
  const file = await disk.openAppend(path);
  try {
    if (torn !== null) {
      const keptAs = await nextName(disk, folder, `${JOURNAL}.torn-`);
      await copyTail(disk, path, torn.offset, join(folder, keptAs));
      await file.truncate(torn.offset);
      report({ kind: 'torn_frame_dropped', folder, file: JOURNAL, offset: torn.offset, bytes: torn.bytes, keptAs });
    }
    // What was read may be in the machine's memory only, when its writer was killed before the fsync. It is going to
    // be served, so it has to be safe first; and so has the name of a journal that is new.
    await file.sync();
    await disk.syncFolder(folder);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Which journal a folder has; null when it has no line. */
export async function idOfJournal(folder: string, disk: Disk): Promise<string | null> {
  const path = journalPath(folder);
  const file = await disk.openRead(path);
  if (file === null) return null;
  try {
    const frame = await new FrameScanner(file, BEGINNING.offset).next();
    if (frame?.first !== 1) return null;
    const reader = new JournalReader(path);
    reader.pass(frame);
    return reader.position.id;
  } finally {
    await file.close();
  }
}

/** Whether a folder's journal had once come to that very position. It reads the journal up to there. */
export async function journalHolds(folder: string, disk: Disk, position: Position): Promise<boolean> {
  const path = journalPath(folder);
  const reader = new JournalReader(path);
  if (position.line === 0) return reader.isAt(position, true);
  const file = await disk.openRead(path);
  if (file === null) return false;
  try {
    const scanner = new FrameScanner(file, BEGINNING.offset);
    for (let frame = await scanner.next(); frame !== null; frame = await scanner.next()) {
      if (frame.end < position.offset) {
        reader.pass(frame);
        continue;
      }
      const lines = reader.read(frame);
      return reader.isAt(
        position,
        lines.some(({ records }) => records.length > 0),
      );
    }
    return false;
  } finally {
    await file.close();
  }
}

async function copyTail(disk: Disk, path: string, offset: number, to: string): Promise<void> {
  const reader = (await disk.openRead(path)) ?? NO_FILE;
  const copy = await disk.create(to);
  try {
    for (let at = offset; ;) {
      const bytes = await reader.read(at, COPY_BYTES);
      if (bytes.length === 0) break;
      await copy.append(bytes);
      at += bytes.length;
    }
    await copy.sync();
  } finally {
    await copy.close();
    await reader.close();
  }
}

interface ReadOptions {
  readonly from?: number;
  readonly through?: Pick<Position, 'offset'>;
  readonly places?: FramePlaces;
}

/**
 * The lines of a folder's journal, in order, read as they are asked for; what is held at a time is one frame.
 * It needs no lock and no store, so it serves to look into a journal that will not open, too.
 * @param from the first line's number
 * @param through where to end; without it at the last whole frame
 * @param places where frames begin that an earlier reading passed; frames before the one wanted are not looked at then
 * @throws PttError journal_damaged at the first frame that does not hold, unless it is a torn last one
 */
export async function* readJournal(
  folder: string,
  disk: Disk,
  { from = 1, through, places = new FramePlaces() }: ReadOptions = {},
): AsyncGenerator<JournalLine, void, undefined> {
  const path = journalPath(folder);
  const file = await disk.openRead(path);
  if (file === null) return;
  try {
    const place = places.before(from);
    const scanner = new FrameScanner(file, place.offset);
    const reader = new JournalReader(path, { ...BEGINNING, line: place.line - 1, offset: place.offset });
    const end = through?.offset ?? Number.POSITIVE_INFINITY;
    while (scanner.offset < end) {
      const frame = await scanner.next();
      if (frame === null) break;
      places.passed(frame);
      if (frame.first + frame.count <= from) reader.pass(frame);
      else yield* reader.read(frame, (line) => line >= from);
    }
    const later = (await scanner.left()) === 0 ? null : await scanner.laterFrame();
    const isShort = through !== undefined && scanner.offset < through.offset;
    if (isShort || (through === undefined && later !== null)) {
      throw journalDamaged(
        `${path} is damaged at byte ${scanner.offset}: the frame there does not hold. Put a sound copy of the journal in its place.`,
      );
    }
  } finally {
    await file.close();
  }
}
