import { HARD_MS } from '#libs/cache';
import type { InputRead, Load } from '../watch/seen.ts';
import { Checker } from './checker.ts';

/** Nothing older than its namespace's hard TTL is ever served: somebody had it from the store since. */
export class HardTtl extends Checker {
  readonly id = 'I1';
  /** When the newest load of each key began, whoever's it was. */
  readonly #loadedAt = new Map<string, number>();

  loaded({ key, phase, at }: Load): void {
    if (phase === 'begun') this.#loadedAt.set(key, at);
  }

  read({ replica, namespace, key, version, askedAt, beganAt }: InputRead): void {
    const hardMs = HARD_MS[namespace];
    const staleMs = beganAt - this.ledger.supersededAt(key, version);
    this.check(
      staleMs <= hardMs,
      () => `version ${version} was served ${Math.round(staleMs)} ms after it was superseded`,
      { replica, key },
    );
    const ageMs = askedAt - (this.#loadedAt.get(key) ?? -Infinity);
    this.check(ageMs <= hardMs, () => `it was served, and read from the store ${Math.round(ageMs)} ms before`, {
      replica,
      key,
    });
  }
}
