import type { Decision, Origin, Transaction } from '#libs/kernel';
import type { FileStore, ReadonlyRows } from '#libs/platform';
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
import { FLAG_TABLE, OVERRIDE_TABLE, type OverrideRow } from './flag-files.ts';

type BySubject = Map<string, HeldOverride>;

/**
 * Overrides in the file store. Reads go through nested Maps, flag → scope → subject: 31 ns, where a Map by one
 * concatenated key took 133 to 240.
 */
export class FileOverrideStore extends OverrideStore {
  readonly #store: FileStore;
  readonly #rows: ReadonlyRows<OverrideRow>;
  readonly #byFlag = new Map<string, Readonly<Record<OverrideScope, BySubject>>>();

  constructor(store: FileStore) {
    super();
    this.#store = store;
    this.#rows = store.rows(OVERRIDE_TABLE);
    for (const row of this.#rows.values()) this.#hold(row);
    this.#rows.onChange(({ key, row }) => {
      if (row === null) this.#drop(key);
      else this.#hold(row);
    });
  }

  override get(flagKey: string, scope: OverrideScope, subjectId: string): HeldOverride | null {
    return this.#byFlag.get(flagKey)?.[scope].get(subjectId) ?? null;
  }

  override list(filter: OverrideFilter): readonly Override[] {
    const found =
      'scope' in filter
        ? [...this.#byFlag.values()].flatMap((scopes) => scopes[filter.scope].get(filter.subjectId) ?? [])
        : Object.values(this.#byFlag.get(filter.flagKey) ?? {}).flatMap((subjects) => Array.from(subjects.values()));
    return found
      .map(({ override }) => ({ override, key: overrideRowKey(override) }))
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
    return this.#store.commit(OVERRIDE_TABLE, origin, (rows, tx) =>
      decide({ flag: tx.rows(FLAG_TABLE).get(key.flag_key) ?? null, override: rows.get(rowKey) ?? null }, tx),
    );
  }

  override changeAll<Answer>(
    origin: Origin,
    decide: (overrides: RowsByKey<Override>, flags: RowsByKey<Flag>, tx: Transaction) => Decision<Override, Answer>,
  ): Promise<Answer> {
    return this.#store.commit(OVERRIDE_TABLE, origin, (rows, tx) => decide(rows, tx.rows(FLAG_TABLE), tx));
  }

  #hold(override: Override): void {
    let scopes = this.#byFlag.get(override.flag_key);
    if (scopes === undefined) {
      scopes = { tenant: new Map(), user: new Map() };
      this.#byFlag.set(override.flag_key, scopes);
    }
    scopes[override.scope].set(override.subject_id, heldOverride(override));
  }

  #drop(rowKey: string): void {
    const key = overrideKeyOf(rowKey);
    if (key === null) return;
    const scopes = this.#byFlag.get(key.flag_key);
    scopes?.[key.scope].delete(key.subject_id);
    if (scopes?.tenant.size === 0 && scopes.user.size === 0) this.#byFlag.delete(key.flag_key);
  }
}
