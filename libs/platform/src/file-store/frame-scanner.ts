import type { DiskReader } from '../disk/index.ts';
import { decodeHeader, FRAME_MARK, type FrameHeader, HEADER_BYTES, isBodyOf } from './frame.ts';

export interface Frame extends FrameHeader {
  /** Where it begins and ends in the file. */
  readonly offset: number;
  readonly end: number;
  readonly body: Uint8Array;
}

/** One read of the disk; what is held at a time is this and one frame. */
const READ_BYTES = 1_048_576;

/** Reads frame after frame of a journal, and stops before the first that is not whole. */
export class FrameScanner {
  readonly #reader: DiskReader;
  /** Where the next frame begins, or would. */
  offset: number;
  #window: Uint8Array = new Uint8Array();
  #windowAt: number;

  constructor(reader: DiskReader, offset: number) {
    this.#reader = reader;
    this.offset = offset;
    this.#windowAt = offset;
  }

  /** The next frame; null at the end and before one that is torn or damaged. */
  async next(): Promise<Frame | null> {
    const frame = await this.#frameAt(this.offset);
    if (frame !== null) this.offset = frame.end;
    return frame;
  }

  /** How many bytes there are from `offset` to the end of the file. */
  async left(): Promise<number> {
    let left = 0;
    for (;;) {
      const { length } = await this.#bytes(this.offset + left, READ_BYTES);
      if (length === 0) return left;
      left += length;
    }
  }

  /**
   * Where, after `offset`, another frame begins; null when there is none up to the end of the file. Its header is
   * enough: a frame is written when the one before it is safe, so what a crash tore is one frame and never two.
   */
  async laterFrame(): Promise<number | null> {
    let at = this.offset + 1;
    for (;;) {
      const { buffer, byteOffset, length } = await this.#bytes(at, READ_BYTES);
      if (length < HEADER_BYTES) return null;
      const window = Buffer.from(buffer, byteOffset, length);
      let mark = window.indexOf(FRAME_MARK);
      while (mark !== -1 && mark + HEADER_BYTES <= length) {
        // A row's text may look like a mark, and never like a header: that ends in a newline, which JSON escapes.
        if (decodeHeader(window.subarray(mark, mark + HEADER_BYTES)) !== null) return at + mark;
        mark = window.indexOf(FRAME_MARK, mark + 1);
      }
      // A header may lie across the window's end.
      at += length - HEADER_BYTES + 1;
    }
  }

  async #frameAt(offset: number): Promise<Frame | null> {
    const header = decodeHeader(await this.#bytes(offset, HEADER_BYTES));
    if (header === null) return null;
    const body = await this.#bytes(offset + HEADER_BYTES, header.bytes);
    if (!isBodyOf(header, body)) return null;
    return { ...header, offset, end: offset + HEADER_BYTES + header.bytes, body };
  }

  /** Bytes of the file, fewer at its end; from what was read already where that holds them. */
  async #bytes(offset: number, length: number): Promise<Uint8Array> {
    const from = offset - this.#windowAt;
    if (from < 0 || from + length > this.#window.length) {
      this.#window = await this.#reader.read(offset, Math.max(length, READ_BYTES));
      this.#windowAt = offset;
      return this.#window.subarray(0, length);
    }
    return this.#window.subarray(from, from + length);
  }
}
