import type { Disk } from '../disk/index.ts';

export const JOURNAL = 'journal.log';

/** The next of the names `PREFIX1`, `PREFIX2`, … in a folder: above those that were ever used and are still there. */
export async function nextName(disk: Disk, folder: string, prefix: string): Promise<string> {
  const numbers = (await disk.list(folder))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .filter(Number.isSafeInteger);
  return `${prefix}${Math.max(0, ...numbers) + 1}`;
}
