import {
  type AuditRecorder,
  type Clock,
  type Decision,
  type Ids,
  invariant,
  type Origin,
  type Scheduler,
} from '#libs/kernel';
import type { Disk, Processes } from '../disk/index.ts';
import type { JournalLine } from './journal-line.ts';
import type { StoreNotice } from './notice.ts';
import type { Snapshot } from './snapshot.ts';
import type { PendingRows, ReadonlyRows, StoreTransaction, Table } from './table.ts';

export interface ReaderOptions {
  /** The store's folder, e.g. `.data/ff`. */
  readonly folder: string;
  readonly tables: readonly Table<unknown>[];
  readonly disk: Disk;
  readonly report: (notice: StoreNotice) => void;
}

export interface FileStoreOptions extends ReaderOptions {
  /** Every table has at most one; tables without one are rebuilt from the whole journal at each start. */
  readonly snapshots: readonly Snapshot<unknown>[];
  readonly recorder: AuditRecorder;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly ids: Ids;
  readonly processes: Processes;
}

export class FileStore {
  private constructor() {}

  /** @throws PttError folder_locked, journal_damaged */
  static open(_options: FileStoreOptions): Promise<FileStore> {
    invariant(false, 'not yet');
  }

  /** Holds no lock, writes nothing, and follows the journal at each `look`. @throws PttError journal_damaged */
  static openReader(_options: ReaderOptions): Promise<FileStore> {
    invariant(false, 'not yet');
  }

  /** The number of the last committed line; 0 in a store where nothing ever happened. */
  get line(): number {
    return 0;
  }

  /** False in a reader, and after a write or fsync failed. */
  get isWritable(): boolean {
    return false;
  }

  rows<Row>(_table: Table<Row>): ReadonlyRows<Row> {
    invariant(false, 'not yet');
  }

  /**
   * Decides at once, on the newest rows, and answers when the decision is safely on disk.
   * What the decision throws is thrown here; nothing is written then.
   * @throws PttError store_unavailable, store_overloaded
   */
  commit<Row, Answer>(
    _table: Table<Row>,
    _origin: Origin,
    _decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
  ): Promise<Answer> {
    invariant(false, 'not yet');
  }

  /** Looks for somebody else's edit; undefined when there is none, else await it before reading rows. */
  look(): Promise<void> | undefined {
    invariant(false, 'not yet');
  }

  /** Calls back after each commit, in line order, before the change's caller is answered. @returns a function that ends it */
  onCommit(_listener: (line: JournalLine) => void): () => void {
    invariant(false, 'not yet');
  }

  /** The committed lines from number `from` on, read from disk as they are asked for. */
  lines(_from?: number): AsyncIterable<JournalLine> {
    invariant(false, 'not yet');
  }

  /** Waits for what was begun, writes the snapshots, gives the folder back. */
  close(): Promise<void> {
    invariant(false, 'not yet');
  }
}
