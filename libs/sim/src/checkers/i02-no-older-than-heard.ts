import type { Heard, InputRead, Lived, TierAct } from '../watch/seen.ts';
import { Checker } from './checker.ts';

/** Once a replica has heard of version v of a key it never serves or stores one below v. */
export class NoOlderThanHeard extends Checker {
  readonly id = 'I2';
  /** By replica, then by key, with when it heard of it. */
  readonly #heard = new Map<string, Map<string, { readonly version: number; readonly at: number }[]>>();

  heard({ replica, message, at }: Heard): void {
    const { key, version } = message;
    if (typeof key !== 'string' || typeof version !== 'number') return;
    const keys = this.#heard.get(replica) ?? new Map<string, { version: number; at: number }[]>();
    this.#heard.set(replica, keys);
    const known = keys.get(key) ?? [];
    keys.set(key, known);
    if (version > (known.at(-1)?.version ?? 0)) known.push({ version, at });
  }

  lived({ name, what }: Lived): void {
    // Another process of that name has heard of nothing.
    if (what === 'up') this.#heard.delete(name);
  }

  read({ replica, key, version, beganAt }: InputRead): void {
    const least = this.#least(replica, key, beganAt);
    if (least === 0) return;
    this.check(version >= least, () => `version ${version} was served after version ${least} had been heard of`, {
      replica,
      key,
    });
  }

  tier(act: TierAct): void {
    if (act.act !== 'fill' || act.version === null || !act.isTaken) return;
    const { replica, key, version } = act;
    // The fill was on its way for some time, and what came meanwhile could not call it back.
    const least = this.#least(replica, key, act.at - MOST_ON_THE_WAY_MS);
    if (least === 0) return;
    this.check(version >= least, () => `version ${version} was shared after version ${least} had been heard of`, {
      replica,
      key,
    });
  }

  #least(replica: string, key: string, at: number): number {
    const known = this.#heard.get(replica)?.get(key);
    return known?.findLast((one) => one.at <= at)?.version ?? 0;
  }
}

/** The longest that a message to the tier is on its way: what is slower was given up long before. */
const MOST_ON_THE_WAY_MS = 5_000;
