import { flagCacheKey } from '#libs/flags';
import type { JournalLine } from '#libs/platform';
import type { Commit, StoreName, Witness } from './seen.ts';

/** One version of a thing, and since when it could be read. */
export interface Version {
  readonly version: number;
  /** The row; null for a tombstone. */
  readonly row: unknown;
  readonly at: number;
}

/** What was committed, in order: what every answer is held against. It never loses anything. */
export class Ledger implements Witness {
  readonly #lines: Record<StoreName, JournalLine[]> = { ff: [], admin: [] };
  readonly #histories = new Map<string, Version[]>();
  #commits = 0;

  /** Every line so far, from the first one on. */
  lines(store: StoreName): readonly JournalLine[] {
    return this.#lines[store];
  }

  /** Changes so far: lines that only record something, such as a denial or a refusal, are none. */
  get commits(): number {
    return this.#commits;
  }

  /** All versions of a cache key or of an approval's id, the oldest first. */
  history(key: string): readonly Version[] {
    return this.#histories.get(key) ?? [];
  }

  keys(): Iterable<string> {
    return this.#histories.keys();
  }

  /** What was committed under that version; undefined where nothing was. */
  committedAs(key: string, version: number): Version | undefined {
    // The newest ones are asked for most.
    return this.history(key).findLast((one) => one.version === version);
  }

  /** The version that was the newest one at that instant; 0 where there was none yet. */
  versionAt(key: string, at: number): number {
    return this.history(key).findLast((version) => version.at <= at)?.version ?? 0;
  }

  /** When a version was followed by a newer one; Infinity while it is the newest. */
  supersededAt(key: string, version: number): number {
    return this.history(key).find((one) => one.version > version)?.at ?? Infinity;
  }

  committed({ store, line, at }: Commit): void {
    this.#lines[store].push(line);
    if (line.changes.length > 0) this.#commits += 1;
    for (const { key, version, row } of line.changes) {
      const name = nameOf(line.table, key);
      const history = this.#histories.get(name);
      if (history === undefined) this.#histories.set(name, [{ version, row, at }]);
      else history.push({ version, row, at });
    }
  }
}

/** How the ledger calls a row: a flag or override by its cache key, anything else by its table and row key. */
export function nameOf(table: string, key: string): string {
  if (table === 'flag') return flagCacheKey(key);
  if (table === 'override') return `ptt:ff:override:${key}`;
  return `${table}:${key}`;
}
