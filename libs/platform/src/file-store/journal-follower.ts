import type { Disk, FileStamp } from '../disk/index.ts';
import { type Frame, FrameScanner } from './frame-scanner.ts';
import { journalPath } from './journal-file.ts';
import type { JournalLine } from './journal-line.ts';
import { JournalReader } from './journal-reader.ts';
import { journalDamaged, type Position } from './position.ts';
import type { StoreRows } from './store-rows.ts';

/** Reads what another process appends to a journal. A last frame that is not whole yet waits for the next look. */
export class JournalFollower {
  readonly #path: string;
  readonly #disk: Disk;
  readonly #rows: StoreRows;
  readonly #reader: JournalReader;
  #seen: FileStamp | undefined;
  /** The look under way. */
  #reading: Promise<void> | undefined;
  /** The look after that one, for those who ask meanwhile: what they must see may be behind what it has read. */
  #next: Promise<void> | undefined;

  constructor(folder: string, disk: Disk, rows: StoreRows, position: Position) {
    this.#path = journalPath(folder);
    this.#disk = disk;
    this.#rows = rows;
    this.#reader = new JournalReader(this.#path, position);
  }

  get position(): Position {
    return this.#reader.position;
  }

  /** @throws PttError journal_damaged */
  look(): Promise<void> | undefined {
    if (this.#reading !== undefined) {
      this.#next ??= this.#lookAfter(this.#reading);
      return this.#next;
    }
    const stamp = this.#disk.stat(this.#path);
    if (stamp === undefined || (stamp.mtimeNs === this.#seen?.mtimeNs && stamp.size === this.#seen.size))
      return undefined;
    // Whoever asks from now on came after it.
    this.#next = undefined;
    this.#reading = this.#follow(stamp);
    return this.#reading;
  }

  async #lookAfter(reading: Promise<void>): Promise<void> {
    await Promise.allSettled([reading]);
    // One that has begun by now, and not before, is late enough.
    await (this.#reading ?? this.look());
  }

  async #follow(stamp: FileStamp): Promise<void> {
    try {
      await this.#read(stamp);
    } finally {
      this.#reading = undefined;
    }
  }

  async #read(stamp: FileStamp): Promise<void> {
    if (stamp.size < this.position.offset) {
      throw journalDamaged(
        `${this.#path} has become shorter than what was read of it, ${this.position.offset} bytes. Restart this process.`,
      );
    }
    const file = await this.#disk.openRead(this.#path);
    if (file === null) return;
    try {
      const scanner = new FrameScanner(file, this.position.offset);
      for (let frame = await scanner.next(); frame !== null; frame = await scanner.next()) {
        for (const line of this.#linesOf(frame)) this.#rows.commit(line);
      }
      this.#seen = stamp;
    } finally {
      await file.close();
    }
  }

  /** All lines of a frame, or none: one that cannot be read is not passed by, and fails again at the next look. */
  #linesOf(frame: Frame): readonly JournalLine[] {
    const before = this.position;
    try {
      return this.#reader.read(frame).map((line) => {
        const rows = this.#rows.byName.get(line.table);
        return rows === undefined ? line : { ...line, changes: line.changes.map((change) => rows.parse(change)) };
      });
    } catch (error) {
      this.#reader.position = before;
      throw error;
    }
  }
}
