import type { Chance } from '../chance.ts';
import type { Distance } from '../models/distant-stores.ts';
import type { SimProcess } from './process.ts';
import type { Site } from './site.ts';

/** A read there and back, as over a pool to a database in the next rack; in milliseconds. */
const MEAN_MS = 0.5;

/** How far a replica's store is: every load takes a while, and ends for nobody once the replica is dead. */
export class StoreDistance implements Distance {
  readonly #process: SimProcess;
  readonly #site: Site;
  readonly #chance: Chance;

  constructor(process: SimProcess, site: Site) {
    this.#process = process;
    this.#site = site;
    this.#chance = site.chance(`store ${process.name}`);
  }

  async read<T>(key: string, read: () => T | Promise<T>): Promise<T> {
    const { watch, time } = this.#site;
    const replica = this.#process.name;
    const beganAt = time.now;
    watch.loaded({ replica, key, phase: 'begun', beganAt, at: beganAt });
    try {
      await this.#pass();
      const answer = await read();
      await this.#pass();
      return answer;
    } finally {
      watch.loaded({ replica, key, phase: 'ended', beganAt, at: time.now });
    }
  }

  guard<T>(promise: Promise<T>): Promise<T> {
    return this.#process.life.guard(promise);
  }

  #pass(): Promise<void> {
    const { time, conditions } = this.#site;
    const ms = this.#chance.exponential(MEAN_MS) + conditions.storeDelayMs(this.#process.name);
    return this.guard(time.pass(ms));
  }
}
