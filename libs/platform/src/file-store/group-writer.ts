import { LIMITS, PttError } from '#libs/kernel';
import type { DiskWriter } from '../disk/index.ts';
import { encodeFrame } from './frame.ts';
import type { JournalLine } from './journal-line.ts';

interface Waiting {
  readonly text: string;
  readonly line: JournalLine;
  readonly resolve: () => void;
  readonly reject: (error: PttError) => void;
}

/** Lines of one frame together; a frame is read as one piece at start. One line may be longer. */
const FRAME_CHARS = 8 * 1_048_576;

/**
 * How many rounds of promises those who were just answered get to come back with their next change before the next
 * frame is cut. With none, callers in a loop fall into two halves that wait for each other's fsync.
 */
const ROUNDS = 16;

/**
 * Writes lines to the journal: those that wait together as one frame, with one fsync, one frame at a time.
 *
 * States: sound → failed, for good. After a failed write or fsync it is unknown what the disk holds, and a further
 * fsync may report success for bytes that were lost; so nothing is written any more.
 */
export class GroupWriter {
  readonly #file: DiskWriter;
  readonly #onSafe: (lines: readonly JournalLine[], end: number) => void;
  readonly #onFailed: (cause: unknown) => void;
  #waiting: Waiting[] = [];
  /** Lines of the frame that is being written. */
  #inFlight = 0;
  #offset: number;
  #isWriting = false;
  #failure: PttError | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(
    file: DiskWriter,
    offset: number,
    onSafe: (lines: readonly JournalLine[], end: number) => void,
    onFailed: (cause: unknown) => void,
  ) {
    this.#file = file;
    this.#offset = offset;
    this.#onSafe = onSafe;
    this.#onFailed = onFailed;
  }

  /** Why nothing is written any more; null while all is well. */
  get failure(): PttError | null {
    return this.#failure;
  }

  /** Lines that are not safe yet. */
  get waiting(): number {
    return this.#waiting.length + this.#inFlight;
  }

  /** Resolves when the line is safe. @throws PttError store_unavailable */
  add(text: string, line: JournalLine): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const safe = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ text, line, resolve, reject });
    });
    this.#last = safe;
    if (!this.#isWriting) void this.#write();
    return safe;
  }

  /** Resolves when all that was added so far is safe. @throws PttError store_unavailable */
  settled(): Promise<void> {
    return this.#last;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      for (let round = 0; round < ROUNDS; round += 1) await Promise.resolve();
      const group = this.#cut();
      const [first] = group;
      if (first === undefined) break;
      try {
        const frame = encodeFrame(
          first.line.line,
          group.map(({ text }) => text),
        );
        await this.makeSafe(this.#file, frame);
        this.#offset += frame.length;
      } catch (cause) {
        this.#fail(cause, group);
        return;
      }
      this.#inFlight = 0;
      this.#onSafe(
        group.map(({ line }) => line),
        this.#offset,
      );
      for (const { resolve } of group) resolve();
    }
    this.#isWriting = false;
  }

  protected async makeSafe(file: DiskWriter, frame: Uint8Array): Promise<void> {
    await file.append(frame);
    await file.sync();
  }

  #cut(): readonly Waiting[] {
    let chars = 0;
    let count = 0;
    for (const { text } of this.#waiting) {
      chars += text.length;
      if (count === LIMITS.frameLines || (count > 0 && chars > FRAME_CHARS)) break;
      count += 1;
    }
    const group = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#inFlight = count;
    return group;
  }

  #fail(cause: unknown, group: readonly Waiting[]): void {
    this.#failure = new PttError('store_unavailable', {
      detail:
        'The journal could not be written, so no change is recorded any more; whether this one was is known after a restart. Free or repair the disk and restart the process.',
      cause,
    });
    this.#inFlight = 0;
    const lost = [...group, ...this.#waiting];
    this.#waiting = [];
    this.#onFailed(cause);
    for (const { reject } of lost) reject(this.#failure);
  }
}
