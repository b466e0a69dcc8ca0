import {
  type AuditRecorder,
  type Clock,
  type Decision,
  type Ids,
  LIMITS,
  type Origin,
  PttError,
  type Scheduler,
  systemActor,
} from '#libs/kernel';
import type { Disk, DiskWriter } from '../disk/index.ts';
import { EditAdopter } from './edit-adopter.ts';
import { GroupWriter } from './group-writer.ts';
import { journalHolds } from './journal-file.ts';
import { encodeLine, type JournalLine } from './journal-line.ts';
import { type Decided, LineMaker } from './line-maker.ts';
import { JOURNAL } from './names.ts';
import type { StoreNotice } from './notice.ts';
import { headAfter, isSamePosition, journalId, type Position } from './position.ts';
import type { SnapshotFile } from './snapshot-file.ts';
import { SnapshotWriter } from './snapshot-writer.ts';
import type { StoreRows } from './store-rows.ts';
import type { PendingRows, StoreTransaction, Table } from './table.ts';

export interface StoreWriterPorts {
  readonly disk: Disk;
  readonly recorder: AuditRecorder;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly ids: Ids;
  readonly report: (notice: StoreNotice) => void;
}

/**
 * The writing half of a store.
 *
 * States: open → failed (a write or fsync of the journal failed; for good), and from either → closing → closed.
 * Changes are taken while it is open; readers are served in all of them.
 */
export class StoreWriter {
  readonly #folder: string;
  readonly #journal: DiskWriter;
  readonly #rows: StoreRows;
  readonly #files: readonly SnapshotFile<unknown>[];
  readonly #ports: StoreWriterPorts;
  readonly #lines: LineMaker;
  readonly #group: GroupWriter;
  readonly #snapshots: SnapshotWriter;
  readonly #edits: EditAdopter;
  #position: Position;
  #looking: Promise<void> | undefined;
  /** Whether somebody else waits for the look under way. */
  #isJoined = false;
  #hasLooked = false;
  /** While it is under way. */
  #firstLook: Promise<void> | undefined;
  /** The look that is still to come at the end of this turn. */
  #together: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    folder: string,
    journal: DiskWriter,
    rows: StoreRows,
    files: readonly SnapshotFile<unknown>[],
    position: Position,
    ports: StoreWriterPorts,
  ) {
    this.#folder = folder;
    this.#journal = journal;
    this.#rows = rows;
    this.#files = files;
    this.#position = position;
    this.#ports = ports;
    this.#lines = new LineMaker(rows, position, ports);
    this.#group = new GroupWriter(
      journal,
      position.offset,
      (lines, end) => this.#commitSafe(lines, end),
      (cause) => this.#fail(cause),
    );
    this.#snapshots = new SnapshotWriter(
      files,
      () => this.#position,
      () => this.look(),
      ports,
    );
    this.#edits = new EditAdopter(
      {
        position: () => this.#position,
        holds: (stated) => this.#holds(stated),
        record: async (table, adopt) => (await this.#change(table, this.#editor(), adopt)).line,
        wake: () => this.#snapshots.wake(),
      },
      ports,
    );
  }

  get position(): Position {
    return this.#position;
  }

  get isWritable(): boolean {
    return this.#closing === undefined && this.#group.failure === null;
  }

  async commit<Row, Answer>(
    table: Table<Row>,
    origin: Origin,
    decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
  ): Promise<Answer> {
    // What was edited while no process ran comes first: nothing is decided without it.
    const first = this.#hasLooked ? this.#firstLook : this.look();
    if (first !== undefined) await first;
    return (await this.#change(table, origin, decide)).answer;
  }

  look(): Promise<void> | undefined {
    if (this.#looking !== undefined) {
      this.#isJoined = true;
      return this.#looking;
    }
    const isFirst = !this.#hasLooked;
    if (isFirst) {
      this.#hasLooked = true;
      // Missing and older snapshots are written from now on.
      this.#snapshots.wake();
    }
    for (const file of this.#files) {
      if (file.hasEdit() && this.isWritable) {
        this.#looking = this.#adoptEdits();
        if (isFirst) this.#firstLook = this.#looking;
        return this.#looking;
      }
    }
    return undefined;
  }

  get looking(): Promise<void> | undefined {
    return this.#looking;
  }

  lookTogether(): Promise<void> {
    this.#together ??= this.#lookAtTurnEnd();
    return this.#together;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #lookAtTurnEnd(): Promise<void> {
    await new Promise<void>((resolve) => this.#ports.scheduler.atTurnEnd(resolve));
    // Before the look: whoever asks from now on came after it.
    this.#together = undefined;
    await this.look();
  }

  async #adoptEdits(): Promise<void> {
    try {
      do {
        this.#isJoined = false;
        for (const file of this.#files) await this.#edits.adopt(file);
        // Whoever joined may have come after an edit of a file that had been passed.
      } while (this.#isJoined && this.isWritable && this.#files.some((file) => file.hasEdit()));
    } finally {
      this.#looking = undefined;
      this.#firstLook = undefined;
    }
  }

  async #change<Row, Answer>(
    table: Table<Row>,
    origin: Origin,
    decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
  ): Promise<Decided<Answer>> {
    this.#refuseUnlessOpen();
    let decided: Decided<Answer>;
    try {
      decided = this.#lines.decide(table, origin, decide);
    } catch (refusal) {
      // What it was refused for may itself still wait for the disk, and must not be told before it is safe.
      await this.#group.settled();
      throw refusal;
    }
    if (decided.line === null) await this.#group.settled();
    else await this.#group.add(decided.text, decided.line);
    return decided;
  }

  #refuseUnlessOpen(): void {
    if (this.#group.failure !== null) throw this.#group.failure;
    if (this.#closing !== undefined) {
      throw new PttError('store_unavailable', {
        detail: 'The store is being closed. Try again when the service is back.',
      });
    }
    if (this.#group.waiting >= LIMITS.waitingChanges) {
      throw new PttError('store_overloaded', {
        detail: `${LIMITS.waitingChanges} changes wait for the disk already. Try again in a moment.`,
      });
    }
  }

  async #holds(position: Position): Promise<boolean> {
    if (isSamePosition(position, this.#position)) return true;
    if (position.line > this.#position.line) return false;
    return journalHolds(this.#folder, this.#ports.disk, position);
  }

  #commitSafe(lines: readonly JournalLine[], end: number): void {
    for (const line of lines) {
      const chain = headAfter(line.records, this.#position.chain);
      const id = this.#position.id ?? journalId(encodeLine(line));
      this.#position = { id, line: line.line, offset: this.#position.offset, version: line.version, chain };
      this.#rows.commit(line);
    }
    this.#position = { ...this.#position, offset: end };
    this.#snapshots.wake();
  }

  #fail(cause: unknown): void {
    this.#rows.unstage();
    this.#ports.report({ kind: 'journal_failed', folder: this.#folder, file: JOURNAL, cause });
  }

  async #close(): Promise<void> {
    // Both only have to be over. What went wrong was told as it did: a failed journal by #fail and to every caller
    // that waited for it, a failed look to those who asked for it.
    await Promise.allSettled([this.#group.settled(), this.#looking]);
    await this.#snapshots.end();
    await this.#journal.close();
  }

  #editor(): Origin {
    const { clock, ids } = this.#ports;
    return { actor: systemActor('foreign_edit'), trace: { correlationId: ids.uuidV7(clock.now()) } };
  }
}
