import type { Decision, Origin, Transaction } from '#libs/kernel';
import type { FileStore, ReadonlyRows, StoreCommits } from '#libs/platform';
import type { Flag } from '../domain/flag.ts';
import type { RowsByKey } from '../domain/rows.ts';
import { FlagStore, type Reread } from '../ports/flag-store.ts';
import type { Stored } from '../ports/stored.ts';
import { FLAG_TABLE, REGISTRY_FILE } from './flag-files.ts';
import type { RegistryEdits } from './registry-edits.ts';

/** Definitions in the file store: read from memory, as the last committed change left them. */
export class FileFlagStore extends FlagStore {
  readonly #store: FileStore;
  readonly #commits: StoreCommits;
  readonly #edits: RegistryEdits;
  readonly #rows: ReadonlyRows<Flag>;
  #sorted: readonly Flag[] | null = null;

  /** @param commits how changes are made: by the store itself, or as one of its replicas */
  constructor(store: FileStore, edits: RegistryEdits, commits: StoreCommits = store) {
    super();
    this.#store = store;
    this.#commits = commits;
    this.#edits = edits;
    this.#rows = store.rows(FLAG_TABLE);
    this.#rows.onChange(() => {
      this.#sorted = null;
    });
  }

  override look(): Promise<void> {
    return this.#store.lookTogether();
  }

  override read(key: string): Stored<Flag> {
    const value = this.#rows.get(key) ?? null;
    return { value, version: value?.version ?? this.#rows.versionOf(key) };
  }

  override list(): readonly Flag[] {
    this.#sorted ??= [...this.#rows.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return this.#sorted;
  }

  override isUntouched(): boolean {
    return this.#store.line === 0;
  }

  override changeRegistry<Answer>(
    origin: Origin,
    decide: (flags: RowsByKey<Flag>, tx: Transaction) => Decision<Flag, Answer>,
  ): Promise<Answer> {
    return this.#commits.commit(FLAG_TABLE, origin, decide);
  }

  override async reread(rows: ReadonlySet<string> | null): Promise<Reread> {
    if (rows === null) await this.#store.look();
    else await this.#edits.lookWith(rows, () => this.#store.look());
    const rejection = this.#edits.take(REGISTRY_FILE);
    if (rejection === null) return { kind: 'read' };
    return {
      kind: 'rejected',
      detail: `${rejection.detail} The file was set aside as ${rejection.keptAs}; nothing was changed.`,
      faults: rejection.faults.map(({ pointer, line, column, detail }) => ({
        pointer,
        detail: `${detail} (line ${line}, column ${column})`,
      })),
    };
  }
}
