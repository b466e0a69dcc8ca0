import type { StoreNotice } from '#libs/platform';
import type { FlagDefinition } from '../domain/flag.ts';
import { registryInvalid } from '../domain/registry-document.ts';
import { unknownRows } from '../domain/unknown-rows.ts';

type Rejection = Extract<StoreNotice, { kind: 'edit_rejected' }>;

/**
 * What a reload and the store's looks have to tell each other. The store hands in what `FileStore.open` reports: the
 * last edit of each file that could not be served, until somebody asks for it or a good one follows, so that a reload
 * can say what was wrong even when an earlier look had found it. A reload hands in which rows Admin has.
 */
export class RegistryEdits {
  readonly #rejected = new Map<string, Rejection>();
  /** One set for each reload that is looking, the newest last. */
  #known: readonly ReadonlySet<string>[] = [];

  note(notice: StoreNotice): void {
    if (notice.kind === 'edit_rejected') this.#rejected.set(notice.file, notice);
    if (notice.kind === 'edit_adopted') this.#rejected.delete(notice.file);
  }

  /** The rejection of that file, once. */
  take(file: string): Rejection | null {
    const rejection = this.#rejected.get(file) ?? null;
    this.#rejected.delete(file);
    return rejection;
  }

  /** Looks for an edit, which is refused as a whole where it has a flag under another row than these. */
  async lookWith(known: ReadonlySet<string>, look: () => Promise<void> | undefined): Promise<void> {
    this.#known = [...this.#known, known];
    try {
      await look();
    } finally {
      this.#known = this.#known.filter((one) => one !== known);
    }
  }

  /** Asked as an edit is decided on, so that it is taken up or refused in one step. @throws PttError registry_invalid */
  requireRows(found: readonly FlagDefinition[]): void {
    const known = this.#known.at(-1);
    const faults = known === undefined ? [] : unknownRows(found, known);
    if (faults.length > 0) throw registryInvalid(faults);
  }
}
