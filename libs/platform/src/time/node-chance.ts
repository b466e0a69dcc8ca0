import { randomUUID } from 'node:crypto';
import { Ids, type Instant, Random } from '#libs/kernel';
import { uuidV7Of } from './uuid-v7.ts';

/** The engine's generator: good for spreading retries, not for secrets. */
export class NodeRandom extends Random {
  next(): number {
    return Math.random();
  }
}

const COUNTER_MAX = 0xfff;
/** Of a UUID v7, up to its counter: all that the time decides. */
const TIME_LENGTH = 'xxxxxxxx-xxxx-7'.length;
/** Of a UUID v4, where what it shares with a v7 begins: the variant and 62 random bits. */
const RANDOM_FROM = 'xxxxxxxx-xxxx-4xxx'.length;

/**
 * UUIDs from the system's randomness. Those of one millisecond rise, by a counter in `rand_a` that starts low;
 * should it run over, they stay unique by their 62 random bits and only lose their order.
 */
export class NodeIds extends Ids {
  #lastAt: Instant = -1;
  #time = '';
  #counter = 0;

  uuidV7(at: Instant): string {
    const random = randomUUID();
    if (at !== this.#lastAt) {
      this.#time = uuidV7Of(at, 0, '0000000000000000').slice(0, TIME_LENGTH);
      this.#lastAt = at;
      this.#counter = startOf(random);
    } else {
      this.#counter = this.#counter < COUNTER_MAX ? this.#counter + 1 : startOf(random);
    }
    return `${this.#time}${this.#counter.toString(16).padStart(3, '0')}${random.slice(RANDOM_FROM)}`;
  }
}

/** Starting in the lower half leaves room to rise, and the random start keeps two processes apart. */
function startOf(random: string): number {
  return Number.parseInt(random.slice(0, 3), 16) >> 1;
}
