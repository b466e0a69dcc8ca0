import type { StoreNotice } from '#libs/platform';

type Rejection = Extract<StoreNotice, { kind: 'edit_rejected' }>;

/**
 * The last edit of each file that could not be served, until somebody asks for it or a good one follows. Hand `note`
 * what `FileStore.open` reports; so a reload can say what was wrong even when an earlier look had found it.
 */
export class EditRejections {
  readonly #byFile = new Map<string, Rejection>();

  note(notice: StoreNotice): void {
    if (notice.kind === 'edit_rejected') this.#byFile.set(notice.file, notice);
    if (notice.kind === 'edit_adopted') this.#byFile.delete(notice.file);
  }

  /** The rejection of that file, once. */
  take(file: string): Rejection | null {
    const rejection = this.#byFile.get(file) ?? null;
    this.#byFile.delete(file);
    return rejection;
  }
}
