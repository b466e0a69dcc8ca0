import type { Decision, Origin, Transaction } from '#libs/kernel';
import type { FileStore, ReadonlyRows, StoreCommits } from '#libs/platform';
import type { Flag } from '../domain/flag.ts';
import {
  type HeldOverride,
  heldOverride,
  type Override,
  type OverrideKey,
  overrideKeyOf,
  overrideRowKey,
  type OverrideScope,
} from '../domain/override.ts';
import type { RowsByKey } from '../domain/rows.ts';
import type { OverrideState } from '../domain/set-override.ts';
import { type OverrideFilter, OverrideStore } from '../ports/override-store.ts';
import { NEVER_THERE, type Stored } from '../ports/stored.ts';
import { FLAG_TABLE, OVERRIDE_TABLE, type OverrideRow } from './flag-files.ts';

type BySubject = Map<string, Stored<HeldOverride>>;

/**
 * Overrides in the file store. Reads go through nested Maps, flag → scope → subject: 31 ns, where a Map by one
 * concatenated key took 133 to 240. What was removed stays there, as a tombstone with its version.
 */
export class FileOverrideStore extends OverrideStore {
  readonly #store: FileStore;
  readonly #commits: StoreCommits;
  readonly #rows: ReadonlyRows<OverrideRow>;
  readonly #byFlag = new Map<string, Readonly<Record<OverrideScope, BySubject>>>();

  /** @param commits how changes are made: by the store itself, or as one of its replicas */
  constructor(store: FileStore, commits: StoreCommits = store) {
    super();
    this.#store = store;
    this.#commits = commits;
    this.#rows = store.rows(OVERRIDE_TABLE);
    for (const row of this.#rows.values()) this.#hold(row, { value: heldOverride(row), version: row.version });
    for (const { key, version } of this.#rows.tombstones()) this.#remove(key, version);
    this.#rows.onChange(({ key, row, version }) => {
      if (row === null) this.#remove(key, version);
      else this.#hold(row, { value: heldOverride(row), version });
    });
  }

  override read(flagKey: string, scope: OverrideScope, subjectId: string): Stored<HeldOverride> {
    return this.#byFlag.get(flagKey)?.[scope].get(subjectId) ?? NEVER_THERE;
  }

  override list(filter: OverrideFilter): readonly Override[] {
    const found =
      'scope' in filter
        ? [...this.#byFlag.values()].flatMap((scopes) => scopes[filter.scope].get(filter.subjectId) ?? [])
        : Object.values(this.#byFlag.get(filter.flagKey) ?? {}).flatMap((subjects) => Array.from(subjects.values()));
    return found
      .flatMap(({ value }) => (value === null ? [] : [value.override]))
      .map((override) => ({ override, key: overrideRowKey(override) }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ override }) => override);
  }

  /** The registry comes first, in one line; whatever follows touched more than that. */
  override isUntouched(): boolean {
    return this.#store.line <= 1 && this.#rows.size === 0;
  }

  override change<Answer>(
    key: OverrideKey,
    origin: Origin,
    decide: (state: OverrideState, tx: Transaction) => Decision<Override, Answer>,
  ): Promise<Answer> {
    const rowKey = overrideRowKey(key);
    return this.#commits.commit(OVERRIDE_TABLE, origin, (rows, tx) =>
      decide({ flag: tx.rows(FLAG_TABLE).get(key.flag_key) ?? null, override: rows.get(rowKey) ?? null }, tx),
    );
  }

  override changeAll<Answer>(
    origin: Origin,
    decide: (overrides: RowsByKey<Override>, flags: RowsByKey<Flag>, tx: Transaction) => Decision<Override, Answer>,
  ): Promise<Answer> {
    return this.#commits.commit(OVERRIDE_TABLE, origin, (rows, tx) => decide(rows, tx.rows(FLAG_TABLE), tx));
  }

  #hold({ flag_key, scope, subject_id }: OverrideKey, stored: Stored<HeldOverride>): void {
    let scopes = this.#byFlag.get(flag_key);
    if (scopes === undefined) {
      scopes = { tenant: new Map(), user: new Map() };
      this.#byFlag.set(flag_key, scopes);
    }
    scopes[scope].set(subject_id, stored);
  }

  #remove(rowKey: string, version: number): void {
    const key = overrideKeyOf(rowKey);
    if (key !== null) this.#hold(key, { value: null, version });
  }
}
