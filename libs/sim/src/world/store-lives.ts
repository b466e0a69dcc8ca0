import { PttError } from '#libs/kernel';
import type { FileStore, JournalLine } from '#libs/platform';
import type { Ledger } from '../watch/ledger.ts';
import type { StoreName } from '../watch/seen.ts';
import type { Site } from './site.ts';

/**
 * Has a store that was just opened write into the ledger. What a process before had made safe and not told of is found
 * in the journal; what was told of and is not there any more was lost.
 */
export async function follow(store: StoreName, files: FileStore, { ledger, watch, time }: Site): Promise<void> {
  const detail = await whatIsLost(store, files, ledger);
  if (detail !== null) watch.lost({ store, detail });
  const known = ledger.lines(store).length;
  for await (const line of files.lines(known + 1)) watch.committed({ store, line, at: time.now, isFound: true });
  watch.opened({ store, files });
  files.onCommit((line) => watch.committed({ store, line, at: time.now, isFound: false }));
}

/** A store as it is opened; what stands in the way of that is told of, since no fault of a world may. */
export async function opened(store: StoreName, opening: Promise<FileStore>, { watch }: Site): Promise<FileStore> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof PttError) watch.lost({ store, detail: error.message });
    throw error;
  }
}

/** What was told of as committed, and is not in the journal any more; null where all of it is. */
async function whatIsLost(store: StoreName, files: FileStore, ledger: Ledger): Promise<string | null> {
  const told = ledger.lines(store);
  if (files.line < told.length) return `line ${files.line + 1} of the journal and what follows is gone`;
  let index = 0;
  for await (const line of files.lines()) {
    const before = told[index];
    if (before === undefined) return null;
    // That a record's hash is that of what it holds is for the walk over the chain to find.
    const isSame = hashesOf(line) === hashesOf(before) && line.version === before.version;
    if (!isSame) return `line ${before.line} of the journal is not the one that was told of`;
    index += 1;
  }
  return null;
}

function hashesOf({ records }: JournalLine): string {
  return records.map(({ hash }) => hash).join(' ');
}
