import { randomBytes } from 'node:crypto';
import { Ids, type Instant, Random } from '#libs/kernel';
import { uuidV7Of } from './uuid-v7.ts';

/** The engine's generator: good for spreading retries, not for secrets. */
export class NodeRandom extends Random {
  next(): number {
    return Math.random();
  }
}

/** Ids are drawn from a pool, since a call for each one costs more than the rest of the id. */
const POOL_BYTES = 4_096;
const RAND_B_BYTES = 8;
const COUNTER_MAX = 0xfff;

/**
 * UUIDs from the system's randomness. Those of one millisecond rise, by a counter in `rand_a` that starts low;
 * should it run over, they stay unique by their 62 random bits and only lose their order.
 */
export class NodeIds extends Ids {
  #pool: Buffer = Buffer.alloc(0);
  #used = 0;
  #lastAt: Instant = -1;
  #counter = 0;

  uuidV7(at: Instant): string {
    const randB = this.#draw();
    if (at === this.#lastAt && this.#counter < COUNTER_MAX) {
      this.#counter += 1;
    } else {
      // Starting in the lower half leaves room to rise, and the random start keeps two processes apart.
      this.#counter = Number.parseInt(randB.slice(0, 3), 16) >> 1;
      this.#lastAt = at;
    }
    return uuidV7Of(at, this.#counter, this.#draw());
  }

  #draw(): string {
    if (this.#used + RAND_B_BYTES > this.#pool.length) {
      this.#pool = randomBytes(POOL_BYTES);
      this.#used = 0;
    }
    this.#used += RAND_B_BYTES;
    return this.#pool.toString('hex', this.#used - RAND_B_BYTES, this.#used);
  }
}
