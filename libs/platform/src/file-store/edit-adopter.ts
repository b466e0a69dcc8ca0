import { type Clock, type Decision, PttError, type Scheduler, unchanged } from '#libs/kernel';
import type { FileStamp } from '../disk/index.ts';
import { faultsOf, locate } from './json-text.ts';
import type { JournalLine } from './journal-line.ts';
import type { FileFault, StoreNotice } from './notice.ts';
import type { Position } from './position.ts';
import type { Found, SnapshotFile } from './snapshot-file.ts';
import type { PendingRows, StoreTransaction, Table } from './table.ts';

/** A file younger than this that cannot be read may still be being written: copying over it is not atomic. */
const SETTLE_MS = 50;
const NS_PER_MS = 1_000_000n;

type Edit<Row> = Found<Row> & { readonly kind: 'edit' };
type Adopt<Row> = (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, null>;

/** What the adopter needs of the store around it. */
export interface EditedStore {
  /** How far the journal is safe. */
  position(): Position;
  /** Whether the journal had once come to that very position. */
  holds(position: Position): Promise<boolean>;
  /**
   * Makes a change on behalf of whoever edited the file.
   * @returns its line; null when there was nothing to write
   * @throws PttError store_unavailable, store_overloaded
   */
  record<Row>(table: Table<Row>, adopt: Adopt<Row>): Promise<JournalLine | null>;
  /** Has stale snapshots written. */
  wake(): void;
}

/** Takes up what somebody else wrote into a snapshot, by an ordinary change, or sets it aside. */
export class EditAdopter {
  readonly #store: EditedStore;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #report: (notice: StoreNotice) => void;

  constructor(
    store: EditedStore,
    { clock, scheduler, report }: { clock: Clock; scheduler: Scheduler; report: (notice: StoreNotice) => void },
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#report = report;
  }

  /** Deals with the file as it is now. Where the store cannot record changes the edit stays for later. */
  async adopt<Row>(file: SnapshotFile<Row>): Promise<void> {
    while (file.hasEdit()) {
      const found = await file.read(this.#store.position().id);
      switch (found.kind) {
        case 'moving':
          await this.#scheduler.sleep(SETTLE_MS);
          break;
        case 'missing':
          // The journal holds all of it, so a file that was removed is only written again.
          file.know(undefined);
          file.forgetWritten();
          this.#store.wake();
          return;
        case 'own': {
          const { position } = found.imprint;
          const faults = await this.#misplaced(found.bytes, position);
          if (faults.length === 0) {
            this.#tellOld(file, position);
            this.#know(file, found.stamp, position);
          } else if (!(await this.#reject(file, found.stamp, faults))) break;
          return;
        }
        case 'bad':
          if (this.#mayStillGrow(found.stamp)) await this.#scheduler.sleep(SETTLE_MS);
          else if (await this.#reject(file, found.stamp, found.faults)) return;
          break;
        case 'edit': {
          const base = found.position ?? file.lastWritten ?? this.#store.position();
          if (found.position === null && (await this.#sign(file, found, base))) break;
          const faults = await this.#take(file, found, base);
          if (faults.length === 0 || (await this.#reject(file, found.stamp, faults))) return;
          break;
        }
      }
    }
  }

  /** @returns whether there is another look to take, at the signed file */
  async #sign<Row>(file: SnapshotFile<Row>, edit: Edit<Row>, base: Position): Promise<boolean> {
    try {
      await file.sign(edit, base);
      return true;
    } catch (cause) {
      this.#report({ kind: 'snapshot_failed', folder: file.folder, file: file.snapshot.file, cause });
      return false;
    }
  }

  /** @returns what is wrong with the edit; nothing when it was taken, or stays for later */
  async #take<Row>(file: SnapshotFile<Row>, edit: Edit<Row>, base: Position): Promise<readonly FileFault[]> {
    const misplaced = edit.position === null ? [] : await this.#misplaced(edit.bytes, edit.position);
    if (misplaced.length > 0) return misplaced;
    await file.snapshot.prepare?.();
    const refusals: unknown[] = [];
    let line: JournalLine | null;
    try {
      line = await this.#store.record(file.snapshot.table, (newest, tx) => {
        try {
          const { current, found } = laidOver(file, edit.rows, base.version, newest);
          return file.snapshot.adopt(current, found, tx);
        } catch (refusal) {
          refusals.push(refusal);
          return unchanged(null);
        }
      });
    } catch (error) {
      if (error instanceof PttError && error.code.startsWith('store_')) return [];
      throw error;
    }
    if (refusals.length > 0) return locate(edit.bytes, refusals.flatMap(faultsOf));
    this.#know(file, edit.stamp, base);
    if (line !== null) {
      this.#report({
        kind: 'edit_adopted',
        folder: file.folder,
        file: file.snapshot.file,
        line: line.line,
        changes: line.changes.length,
      });
    }
    return [];
  }

  /** Our own digest says that nobody meant to change anything; but whoever puts a backup back means just that. */
  #tellOld<Row>({ folder, snapshot, lastWritten }: SnapshotFile<Row>, { line }: Position): void {
    const newest = lastWritten?.line ?? line;
    if (line < newest) {
      this.#report({ kind: 'old_snapshot_passed_over', folder, file: snapshot.file, line, newest });
    }
  }

  /** A copy of the folder that went its own way, or a journal that was cut: either is for whoever runs this to decide. */
  async #misplaced(bytes: Uint8Array, position: Position): Promise<readonly FileFault[]> {
    if (await this.#store.holds(position)) return [];
    const detail =
      `The file says that it was made of the journal up to line ${position.line}, byte ${position.offset}, and the ` +
      `journal, which has ${this.#store.position().line} lines, does not hold that. ` +
      'Take the member "journal" away to have the rows adopted as they are.';
    return locate(bytes, [{ pointer: '/journal', detail }]);
  }

  /** @returns false when the file has changed meanwhile, so that there is another look to take */
  async #reject<Row>(file: SnapshotFile<Row>, stamp: FileStamp, faults: readonly FileFault[]): Promise<boolean> {
    let keptAs: string | null;
    try {
      keptAs = await file.setAside(stamp);
    } catch (cause) {
      // It stays where it is, so that nothing is lost, and is not looked at again.
      this.#report({ kind: 'snapshot_failed', folder: file.folder, file: file.snapshot.file, cause });
      file.know(stamp);
      return true;
    }
    if (keptAs === null) return false;
    const [first] = faults;
    const place =
      first === undefined ? '' : ` Line ${first.line}, column ${first.column}: ${first.detail.replace(/\.$/u, '')}.`;
    this.#report({
      kind: 'edit_rejected',
      folder: file.folder,
      file: file.snapshot.file,
      keptAs,
      detail: `The edit of ${file.snapshot.file} cannot be served.${place}`,
      faults,
    });
    this.#store.wake();
    return true;
  }

  /** A file that starts from an older snapshot does not show the rows as they are now, so it is written anew. */
  #know<Row>(file: SnapshotFile<Row>, stamp: FileStamp, base: Position): void {
    file.know(stamp);
    if (base.line === file.lastWritten?.line) return;
    file.forgetWritten();
    this.#store.wake();
  }

  #mayStillGrow({ mtimeNs }: FileStamp): boolean {
    const ageMs = this.#clock.now() - Number(mtimeNs / NS_PER_MS);
    return ageMs >= 0 && ageMs < SETTLE_MS;
  }
}

/**
 * The file's rows with what it cannot have known laid over them: every row whose version is above `baseVersion`
 * was changed, or removed, after the snapshot that the edit started from.
 */
function laidOver<Row>(
  { snapshot }: SnapshotFile<Row>,
  edited: readonly Row[],
  baseVersion: number,
  newest: PendingRows<Row>,
): { readonly current: ReadonlyMap<string, Row>; readonly found: readonly Row[] } {
  const current = new Map([...newest.values()].map((row) => [snapshot.keyOf(row), row]));
  const found = new Map<string, Row>();
  for (const row of edited) {
    const key = snapshot.keyOf(row);
    if (found.has(key)) throw new Error(`The key ${key} is there twice.`);
    found.set(key, row);
  }
  for (const key of found.keys()) if (newest.versionOf(key) > baseVersion && !current.has(key)) found.delete(key);
  for (const [key, row] of current) if (newest.versionOf(key) > baseVersion) found.set(key, row);
  return { current, found: [...found.values()] };
}
