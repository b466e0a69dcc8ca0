/** Where a frame begins: its first line, and its byte. */
export interface FramePlace {
  readonly line: number;
  readonly offset: number;
}

/** One for about as many bytes as are read at a time: a journal of a gigabyte has a thousand. */
const SPACING_BYTES = 1_048_576;

/**
 * Where some frames of a journal begin, so that reading from a late line need not begin at the first. Whoever reads
 * past a frame tells of it; frames that are written never move.
 */
export class FramePlaces {
  readonly #places: FramePlace[] = [{ line: 1, offset: 0 }];

  /** The last place known at or before that line. */
  before(line: number): FramePlace {
    return this.#places.findLast((place) => place.line <= line) ?? { line: 1, offset: 0 };
  }

  passed(frame: { readonly first: number; readonly offset: number }): void {
    const known = this.#places.at(-1)?.offset ?? 0;
    if (frame.offset - known >= SPACING_BYTES) this.#places.push({ line: frame.first, offset: frame.offset });
  }
}
