import { Ids, type Instant, Random } from '#libs/kernel';
import { uuidV7Of } from '../time/index.ts';

/** The same numbers for the same seed: mulberry32, by Tommy Ettinger (public domain). */
export class SeededRandom extends Random {
  #state: number;

  constructor(seed: number) {
    super();
    this.#state = seed | 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }
}

/** Valid UUIDs v7 that count: the n-th one ends in n, in hex. */
export class SequentialIds extends Ids {
  #given = 0;

  uuidV7(at: Instant): string {
    this.#given += 1;
    return uuidV7Of(at, 0, this.#given.toString(16).padStart(16, '0'));
  }
}
