import { type Decision, invariant, type Origin, PttError, toIso } from '#libs/kernel';
import type { Disk, Processes } from '../disk/index.ts';
import { FolderLock } from './folder-lock.ts';
import { FramePlaces } from './frame-places.ts';
import { idOfJournal, openForWriting, readJournal, recoverFrom } from './journal-file.ts';
import { JournalFollower } from './journal-follower.ts';
import type { JournalLine } from './journal-line.ts';
import type { StoreNotice } from './notice.ts';
import type { Claim, Recovered } from './recovery.ts';
import { SnapshotFile } from './snapshot-file.ts';
import type { Snapshot } from './snapshot.ts';
import { StoreRows } from './store-rows.ts';
import { StoreWriter, type StoreWriterPorts } from './store-writer.ts';
import type { PendingRows, ReadonlyRows, StoreTransaction, Table } from './table.ts';

export interface ReaderOptions {
  /** The store's folder, e.g. `.data/ff`. */
  readonly folder: string;
  /** Those with a snapshot need not be named again. */
  readonly tables: readonly Table<unknown>[];
  readonly disk: Disk;
  readonly report: (notice: StoreNotice) => void;
}

export interface FileStoreOptions extends ReaderOptions, StoreWriterPorts {
  /** At most one a table; a table without one is rebuilt from the whole journal at each start. */
  readonly snapshots: readonly Snapshot<unknown>[];
  readonly processes: Processes;
}

/**
 * Rows in a folder: `journal.log` is the truth, every change is one line of it, and snapshots follow it for people
 * to read and edit. One process writes, any number read.
 */
export class FileStore {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #rows: StoreRows;
  /** Of the journal, as far as `lines` has read it. */
  readonly #places = new FramePlaces();
  /** Exactly one of the two. */
  readonly #writer: StoreWriter | null;
  readonly #follower: JournalFollower | null;
  readonly #lock: FolderLock | null;

  /**
   * What stood behind the last whole frame of the journal when it was opened; null when there was nothing. It was never
   * acknowledged, or it was altered since: who verifies the trail has to say so.
   */
  readonly torn: Recovered['torn'];

  private constructor(
    { folder, disk }: ReaderOptions,
    rows: StoreRows,
    torn: Recovered['torn'],
    half: { readonly writer: StoreWriter; readonly lock: FolderLock } | { readonly follower: JournalFollower },
  ) {
    this.#folder = folder;
    this.#disk = disk;
    this.#rows = rows;
    this.torn = torn;
    this.#writer = 'writer' in half ? half.writer : null;
    this.#lock = 'writer' in half ? half.lock : null;
    this.#follower = 'follower' in half ? half.follower : null;
  }

  /**
   * Makes the folder when there is none. What was edited while no process ran is taken up by the first `look`, so that
   * whoever listens to commits hears of it: listen first, then look, then serve. A commit before that looks itself.
   * @throws PttError folder_locked, journal_damaged
   */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    const { folder, disk, processes, clock, ids, report } = options;
    await disk.mkdir(folder);
    const now = clock.now();
    const lock = await FolderLock.take(folder, disk, processes, toIso(now), ids.uuidV7(now));
    if (lock.tookOverFrom !== null) report({ kind: 'stale_lock_taken', folder, pid: lock.tookOverFrom });
    try {
      const { rows, torn, writer } = await openWriter(options);
      return new FileStore(options, rows, torn, { writer, lock });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Holds no lock, writes nothing, and follows the journal at each `look`. @throws PttError journal_damaged */
  static async openReader(options: ReaderOptions): Promise<FileStore> {
    const { folder, disk, tables } = options;
    const read = async (): Promise<FileStore> => {
      const rows = rowsOf(tables, options);
      const { position, torn } = await recoverFrom(folder, disk, rows, [], true);
      return new FileStore(options, rows, torn, { follower: new JournalFollower(folder, disk, rows, position) });
    };
    try {
      return await read();
    } catch {
      // The writer may have finished a frame, and begun the next, between two of our reads; damage is there to stay.
      return read();
    }
  }

  /** The number of the last committed line; 0 in a store where nothing ever happened. */
  get line(): number {
    return this.#position.line;
  }

  /** False in a reader, when closed, and after a write or fsync of the journal failed. */
  get isWritable(): boolean {
    return this.#writer?.isWritable ?? false;
  }

  /** The rows that are safely on disk; the same object at every call. */
  rows<Row>(table: Table<Row>): ReadonlyRows<Row> {
    return this.#rows.of(table);
  }

  /**
   * Decides at once, on the newest rows, and answers when the decision is safely on disk.
   * A refusal that `decide` throws is thrown here, and nothing is written.
   * @throws PttError store_unavailable, store_overloaded
   */
  async commit<Row, Answer>(
    table: Table<Row>,
    origin: Origin,
    decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
  ): Promise<Answer> {
    if (this.#writer === null) {
      throw new PttError('store_unavailable', {
        detail: 'This process only reads the data folder. Ask the one that writes it.',
      });
    }
    return this.#writer.commit(table, origin, decide);
  }

  /**
   * Looks for somebody else's edit, or in a reader for new lines: one `stat` a file.
   * @returns undefined when there is nothing new; else what to await before reading rows
   */
  look(): Promise<void> | undefined {
    return this.#writer === null ? this.#follower?.look() : this.#writer.look();
  }

  /**
   * One look for all who ask in the same turn of the event loop, taken at its end. It sees whatever was there when
   * they asked, and two `stat`s cost as much as all else that an evaluation does.
   */
  lookTogether(): Promise<void> {
    return this.#writer === null ? Promise.resolve(this.#follower?.look()) : this.#writer.lookTogether();
  }

  /** Resolves when the look for edits that is under way is over, however it ended; begins none. */
  async lookEnded(): Promise<void> {
    await Promise.allSettled([this.#writer?.looking]);
  }

  /** Calls back after each commit, in line order, before the change's caller is answered. @returns a function that ends it */
  onCommit(listener: (line: JournalLine) => void): () => void {
    return this.#rows.onCommit(listener);
  }

  /**
   * The lines from number `from` on that are committed now, read from disk as they are asked for; of those before it
   * no more is read than a megabyte or so, once they were read before.
   */
  lines(from = 1): AsyncIterable<JournalLine> {
    return readJournal(this.#folder, this.#disk, { from, through: this.#position, places: this.#places });
  }

  /** Waits for what was begun, writes the snapshots, gives the folder back. Changes are refused from now on. */
  async close(): Promise<void> {
    await this.#writer?.close();
    await this.#lock?.release();
  }

  get #position(): StoreWriter['position'] {
    const half = this.#writer ?? this.#follower;
    invariant(half !== null, 'a store writes or follows');
    return half.position;
  }
}

function rowsOf(
  tables: readonly Table<unknown>[],
  { folder, report }: Pick<ReaderOptions, 'folder' | 'report'>,
): StoreRows {
  return new StoreRows(tables, (line, cause) => report({ kind: 'listener_failed', folder, line, cause }));
}

async function openWriter(
  options: FileStoreOptions,
): Promise<{ rows: StoreRows; torn: Recovered['torn']; writer: StoreWriter }> {
  const { folder, disk, snapshots, report } = options;
  const rows = rowsOf([...options.tables, ...snapshots.map(({ table }) => table)], options);
  const files = snapshots.map((snapshot) => new SnapshotFile(folder, disk, snapshot, rows.of(snapshot.table)));
  const claims: Claim[] = [];
  const id = await idOfJournal(folder, disk);
  for (const file of files) {
    const found = await file.read(id);
    if (found.kind === 'own') {
      file.fill(found);
      claims.push({ file: file.path, position: found.imprint.position, table: file.snapshot.table.name });
    } else if (found.kind === 'edit' && found.position !== null) {
      claims.push({ file: file.path, position: found.position, table: null });
    }
  }
  const { position, torn } = await recoverFrom(folder, disk, rows, claims, false);
  const journal = await openForWriting(folder, disk, torn, report);
  return { rows, torn, writer: new StoreWriter(folder, journal, rows, files, position, options) };
}
