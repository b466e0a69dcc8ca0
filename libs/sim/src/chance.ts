import { SeededRandom } from '#libs/platform/models';
import { RollingHash } from './rolling-hash.ts';

/**
 * Chance in streams, one per concern, forked by label: what one concern draws changes nothing for the others, so that
 * taking a fault out of a run leaves the callers as they were.
 */
export class Chance extends SeededRandom {
  readonly #seed: number;

  constructor(seed: number) {
    super(seed);
    this.#seed = seed;
  }

  /** A stream of its own, the same for the same seed and label. */
  fork(label: string): Chance {
    const hash = new RollingHash();
    hash.number(this.#seed);
    hash.text(label);
    return new Chance(hash.low);
  }

  /** True with that probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A number from `from` up to `to`, not whole. */
  between(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** Milliseconds with a long tail: mostly near the mean, at times many times that. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** One of them. @throws RangeError of none */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  }
}
