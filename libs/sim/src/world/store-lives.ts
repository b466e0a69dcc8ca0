import type { FileStore } from '#libs/platform';
import type { Ledger } from '../watch/ledger.ts';
import type { StoreName } from '../watch/seen.ts';
import type { Site } from './site.ts';

/**
 * Has a store that was just opened write into the ledger. What a process before had made safe and not told of is found
 * in the journal; what was told of and is not there any more was lost.
 * @throws Error when a line is gone, or not the one that was told of
 */
export async function follow(store: StoreName, files: FileStore, { ledger, watch, time }: Site): Promise<void> {
  await requireWhole(store, files, ledger);
  const known = ledger.lines(store).length;
  for await (const line of files.lines(known + 1)) watch.committed({ store, line, at: time.now });
  files.onCommit((line) => watch.committed({ store, line, at: time.now }));
}

async function requireWhole(store: StoreName, files: FileStore, ledger: Ledger): Promise<void> {
  const told = ledger.lines(store);
  if (files.line < told.length) throw new LinesLost(store, `line ${files.line + 1} and what follows is gone`);
  let index = 0;
  for await (const line of files.lines()) {
    const before = told[index];
    if (before === undefined) return;
    const isSame = JSON.stringify(line.records) === JSON.stringify(before.records) && line.version === before.version;
    if (!isSame) throw new LinesLost(store, `line ${before.line} is not the one that was told of`);
    index += 1;
  }
}

/** What was acknowledged is not in the journal any more. */
export class LinesLost extends Error {
  override readonly name = 'LinesLost';

  constructor(store: StoreName, what: string) {
    super(`in the journal of ${store} ${what}`);
  }
}
