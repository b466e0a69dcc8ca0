import { HARD_MS } from '#libs/cache';
import type { InputRead } from '../watch/seen.ts';
import { Checker } from './checker.ts';

/** Nothing older than its namespace's hard TTL is ever served. */
export class HardTtl extends Checker {
  readonly id = 'I1';

  read({ replica, namespace, key, version, beganAt }: InputRead): void {
    const since = this.ledger.supersededAt(key, version);
    const ageMs = beganAt - since;
    this.check(
      ageMs <= HARD_MS[namespace],
      () => `version ${version} was served ${Math.round(ageMs)} ms after it was superseded`,
      { replica, key },
    );
  }
}
