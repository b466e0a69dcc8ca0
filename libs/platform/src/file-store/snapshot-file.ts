import { join } from 'node:path';
import type { Disk, FileStamp } from '../disk/index.ts';
import { faultsOf, locate, readJson, withMember } from './json-text.ts';
import { nextName } from './names.ts';
import type { FileFault } from './notice.ts';
import type { Position } from './position.ts';
import { elementText, type Imprint, journalMember, partsOf, readDocument, snapshotText } from './snapshot-document.ts';
import type { Snapshot } from './snapshot.ts';
import type { TableRows } from './table-rows.ts';

/** What a look into the file found. */
export type Found<Row> =
  | { readonly kind: 'missing' }
  /** As the store wrote it, perhaps an older one, perhaps with other white space. */
  | {
      readonly kind: 'own';
      readonly stamp: FileStamp;
      readonly bytes: Uint8Array;
      readonly imprint: Imprint;
      readonly rows: readonly Row[];
    }
  /**
   * Somebody else's; the position is that of the snapshot that they started from, null where the file does not say,
   * or names another journal.
   */
  | {
      readonly kind: 'edit';
      readonly stamp: FileStamp;
      readonly bytes: Uint8Array;
      readonly position: Position | null;
      readonly rows: readonly Row[];
    }
  | { readonly kind: 'bad'; readonly stamp: FileStamp; readonly faults: readonly FileFault[] }
  /** It changed while it was being read. */
  | { readonly kind: 'moving' };

const isSame = (a: FileStamp | undefined, b: FileStamp | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.mtimeNs === b.mtimeNs &&
    a.size === b.size &&
    a.ino === b.ino &&
    a.dev === b.dev);

/**
 * A snapshot of another data folder, put here: its place in that folder's journal says nothing about this one. Where
 * there is no line yet every place is one that the journal does not hold, since the lines may have been lost.
 */
const isOfAnother = (journal: string | null, { id }: Position): boolean =>
  journal !== null && id !== null && id !== journal;

/** One snapshot on disk: which state of the file is known, and how it is read, replaced and set aside. */
export class SnapshotFile<Row> {
  readonly path: string;
  readonly snapshot: Snapshot<Row>;
  readonly rows: TableRows<Row>;
  readonly folder: string;
  readonly #disk: Disk;
  /** The last state of the file that was written or dealt with. */
  #known: FileStamp | undefined;
  /** Where the journal was when the file was last written; null when it must be written. */
  #written: Position | null = null;
  /** Rows are replaced and never altered, so their text can be kept. */
  readonly #texts = new WeakMap<object, string>();

  constructor(folder: string, disk: Disk, snapshot: Snapshot<Row>, rows: TableRows<Row>) {
    this.folder = folder;
    this.#disk = disk;
    this.path = join(folder, snapshot.file);
    this.snapshot = snapshot;
    this.rows = rows;
  }

  /** Whether the file is not as it was left. One `stat`: this is asked before every evaluation. */
  hasEdit(): boolean {
    return !isSame(this.#disk.stat(this.path), this.#known);
  }

  /** Whether there is something to write. */
  get isStale(): boolean {
    return this.#written === null || this.#written.line < this.rows.lastLine;
  }

  /** Where a file that does not say so is taken to start from. */
  get lastWritten(): Position | null {
    return this.#written;
  }

  /** Takes a state of the file as dealt with. */
  know(stamp: FileStamp | undefined): void {
    this.#known = stamp;
  }

  /** Has the file written again. */
  forgetWritten(): void {
    this.#written = null;
  }

  /** Takes the rows of the file as those of the table: at start, before later lines are laid over them. */
  fill({ stamp, imprint, rows }: Found<Row> & { readonly kind: 'own' }): void {
    const { position, tombstones } = imprint;
    for (const { key, version } of tombstones) this.rows.commit({ key, version, row: null }, position.line);
    for (const row of rows) {
      const change = { key: this.snapshot.keyOf(row), version: this.snapshot.versionOf(row), row };
      this.rows.commit(change, position.line);
    }
    this.#known = stamp;
    this.#written = position;
  }

  /** @param journal which one the store has; null while that has no line */
  async read(journal: string | null): Promise<Found<Row>> {
    const stamp = this.#disk.stat(this.path);
    if (stamp === undefined) return { kind: 'missing' };
    let found: Found<Row>;
    try {
      const bytes = await this.#disk.read(this.path);
      if (bytes === null) return { kind: 'moving' };
      found = this.#parse(stamp, bytes, journal);
    } catch (error) {
      found = { kind: 'bad', stamp, faults: locate(new Uint8Array(), faultsOf(error)) };
    }
    return isSame(this.#disk.stat(this.path), stamp) ? found : { kind: 'moving' };
  }

  #parse(stamp: FileStamp, bytes: Uint8Array, journal: string | null): Found<Row> {
    const text = readJson(bytes);
    if ('faults' in text) return { kind: 'bad', stamp, faults: text.faults };
    try {
      const document = readDocument(text.value);
      if (document === null) {
        const detail =
          'The file is no object, or its member "journal" is not as the store wrote it; take that member away.';
        return { kind: 'bad', stamp, faults: locate(bytes, [{ pointer: '/journal', detail }]) };
      }
      const rows = this.snapshot.fromDocument(document.members);
      const { imprint, isOwn } = document;
      if (imprint === null || isOfAnother(journal, imprint.position)) {
        return { kind: 'edit', stamp, bytes, position: null, rows };
      }
      if (isOwn) return { kind: 'own', stamp, bytes, imprint, rows };
      return { kind: 'edit', stamp, bytes, position: imprint.position, rows };
    } catch (error) {
      return { kind: 'bad', stamp, faults: locate(bytes, faultsOf(error)) };
    }
  }

  /**
   * Replaces the file by the rows that are safe now.
   * @returns false when somebody edited the file meanwhile: it is left as it is
   */
  async write(position: Position): Promise<boolean> {
    const document = this.snapshot.toDocument(this.rows.sorted());
    const imprint = { position, tombstones: this.rows.tombstones() };
    const temporary = `${this.path}.tmp`;
    const file = await this.#disk.create(temporary);
    try {
      for (const part of partsOf(snapshotText(document, imprint, (value) => this.#textOf(value)))) {
        await file.append(new TextEncoder().encode(part));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (this.hasEdit()) return false;
    // A rename leaves the stamp as it is; one taken afterwards might already be that of somebody's edit.
    const stamp = this.#disk.stat(temporary);
    this.#disk.rename(temporary, this.path);
    this.#known = stamp;
    this.#written = position;
    await this.#disk.syncFolder(this.folder);
    return true;
  }

  /**
   * Writes into a file that does not say so from which position it starts. After a crash it would be taken for an edit
   * of all that had been changed by then.
   */
  async sign({ stamp, bytes }: Found<Row> & { readonly kind: 'edit' }, position: Position): Promise<void> {
    const signed = withMember(bytes, 'journal', journalMember({ position, tombstones: [] }));
    const temporary = `${this.path}.signed.tmp`;
    const file = await this.#disk.create(temporary);
    try {
      await file.append(new TextEncoder().encode(signed));
      await file.sync();
    } finally {
      await file.close();
    }
    if (!isSame(this.#disk.stat(this.path), stamp)) return;
    this.#disk.rename(temporary, this.path);
    await this.#disk.syncFolder(this.folder);
  }

  /** Moves a bad file out of the way. @returns its new name; null when the file has changed since that stamp */
  async setAside(stamp: FileStamp): Promise<string | null> {
    const aside = await nextName(this.#disk, this.folder, `${this.snapshot.file}.rejected-`);
    if (!isSame(this.#disk.stat(this.path), stamp)) return null;
    this.#disk.rename(this.path, join(this.folder, aside));
    this.#known = undefined;
    this.#written = null;
    await this.#disk.syncFolder(this.folder);
    return aside;
  }

  #textOf(value: unknown): string {
    if (typeof value !== 'object' || value === null) return elementText(value);
    let text = this.#texts.get(value);
    if (text === undefined) {
      text = elementText(value);
      this.#texts.set(value, text);
    }
    return text;
  }
}
