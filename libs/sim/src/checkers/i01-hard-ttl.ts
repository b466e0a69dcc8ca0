import { HARD_MS } from '#libs/cache';
import type { InputRead, Load, TierAct } from '../watch/seen.ts';
import { Checker } from './checker.ts';

/** Nothing older than its namespace's hard TTL is ever served: the replica had it from the store since, or from who did. */
export class HardTtl extends Checker {
  readonly id = 'I1';
  /** By replica and key: when the store was asked for the newest that it has got, by itself or by who shared it. */
  readonly #askedAt = new Map<string, Map<string, number>>();
  /** The same of what is shared. */
  readonly #sharedAt = new Map<string, number>();

  loaded({ replica, key, phase, at }: Load): void {
    if (phase === 'begun') this.#got(replica, key, at);
  }

  tier(act: TierAct): void {
    if (act.act === 'fill' && act.isTaken) this.#sharedAt.set(act.key, this.#at(act.replica, act.key));
    if (act.act === 'got') this.#got(act.replica, act.key, this.#sharedAt.get(act.key) ?? -Infinity);
  }

  read({ replica, namespace, key, version, askedAt, beganAt }: InputRead): void {
    const hardMs = HARD_MS[namespace];
    const staleMs = beganAt - this.ledger.supersededAt(key, version);
    this.check(
      staleMs <= hardMs,
      () => `version ${version} was served ${Math.round(staleMs)} ms after it was superseded`,
      { replica, key },
    );
    const ageMs = askedAt - this.#at(replica, key);
    this.check(ageMs <= hardMs, () => `it was served, and read from the store ${Math.round(ageMs)} ms before`, {
      replica,
      key,
    });
  }

  #at(replica: string, key: string): number {
    return this.#askedAt.get(replica)?.get(key) ?? -Infinity;
  }

  #got(replica: string, key: string, at: number): void {
    const asked = this.#askedAt.get(replica) ?? new Map<string, number>();
    this.#askedAt.set(replica, asked);
    asked.set(key, Math.max(at, asked.get(key) ?? -Infinity));
  }
}
