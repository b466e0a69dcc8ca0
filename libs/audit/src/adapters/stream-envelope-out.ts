import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { EnvelopeOut } from '../ports/envelope-out.ts';

/** Lines that did not get out. They are in the journal all the same. */
export type EnvelopeLoss =
  /** The reader is slower than we write. Said at the first line lost. */
  | { readonly kind: 'reader_slow' }
  /** The reader has caught up; that many lines were lost meanwhile. */
  | { readonly kind: 'reader_back'; readonly lines: number }
  /** The reader is gone (EPIPE) or the stream failed: nothing more gets out. */
  | { readonly kind: 'stream_failed'; readonly cause: unknown };

/** What may wait for a slow reader: some thousand envelopes, seconds of full write load. */
const WAITING_BYTES = 4 * 1_048_576;

const STDOUT = 1;

/** Mirrors to a stream. What waits is bounded; beyond it lines are left out and counted, never waited for. */
export class StreamEnvelopeOut extends EnvelopeOut {
  readonly #stream: Writable;
  readonly #report: (loss: EnvelopeLoss) => void;
  readonly #waitingBytes: number;
  #lost = 0;
  #isOpen = true;

  constructor(stream: Writable, report: (loss: EnvelopeLoss) => void, waitingBytes: number = WAITING_BYTES) {
    super();
    this.#stream = stream;
    this.#report = report;
    // Below its high-water mark a stream never says that it drained.
    this.#waitingBytes = Math.max(waitingBytes, stream.writableHighWaterMark);
    stream.on('error', (cause) => this.#fail(cause));
    stream.on('drain', () => this.#caughtUp());
  }

  write(line: string): void {
    if (!this.#isOpen) return;
    if (this.#lost > 0 || this.#stream.writableLength >= this.#waitingBytes) {
      // Once behind, everything is left out until the reader has caught up: one hole instead of many.
      this.#lost += 1;
      if (this.#lost === 1) this.#report({ kind: 'reader_slow' });
      return;
    }
    this.#stream.write(line);
  }

  close(): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    this.#isOpen = false;
    return new Promise((resolve) => {
      // Also called when the stream fails: then nothing more gets out.
      this.#stream.end(() => resolve());
    });
  }

  #caughtUp(): void {
    if (this.#lost === 0) return;
    const lines = this.#lost;
    this.#lost = 0;
    this.#report({ kind: 'reader_back', lines });
  }

  #fail(cause: unknown): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#report({ kind: 'stream_failed', cause });
  }
}

/**
 * Standard output, written behind. `process.stdout` would not do: on a pipe whose reader does not read it blocks the
 * whole process. A file stream on a pipe would block a thread instead, and the end of the process with it; hence a
 * pipe is written as a socket is.
 */
export function standardOutput(report: (loss: EnvelopeLoss) => void): StreamEnvelopeOut {
  const kind = fstatSync(STDOUT);
  const isPipe = kind.isFIFO() || kind.isSocket();
  const stream = isPipe
    ? new Socket({ fd: STDOUT, readable: false, writable: true })
    : createWriteStream('', { fd: STDOUT, autoClose: false });
  return new StreamEnvelopeOut(stream, report);
}
