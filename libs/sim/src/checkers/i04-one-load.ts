import { CACHE_LIMITS } from '#libs/cache';
import type { JsonObject } from '#libs/kernel';
import type { FaultKind } from '../faults/kinds.ts';
import type { Heard, Lived, Load, TierAct } from '../watch/seen.ts';
import { Checker } from './checker.ts';
import { textOf } from './fields.ts';

/** One load at a time of a key on a replica; across replicas one lease holder for each key. */
export class OneLoad extends Checker {
  readonly id = 'I4';
  /**
   * When those loads of a replica's key began that are under way, since it last heard something of it: a load that was
   * begun before must not be joined.
   */
  readonly #loads = new Map<string, readonly number[]>();
  /** When that was, by replica and key, and by replica of what concerns all keys. */
  readonly #heardAt = new Map<string, number>();
  /** Who may fill a key; no entry where nobody may. */
  readonly #leases = new Map<string, Lent>();

  loaded({ replica, key, phase, beganAt, at }: Load): void {
    if (!key.includes(':ff.')) return;
    const name = `${replica} ${key}`;
    const under = this.#loads.get(name) ?? NONE;
    if (phase === 'ended') {
      if (under.length > 0) this.#loads.set(name, under.length === 1 ? NONE : without(under, beganAt));
      return;
    }
    // Until then it may have asked the tier before it heard.
    const heardAt = Math.max(this.#heardAt.get(name) ?? -Infinity, this.#heardAt.get(replica) ?? -Infinity);
    if (at <= heardAt + CACHE_LIMITS.tierCallMs) return;
    const awaited = under.filter((began) => at - began < GIVEN_UP_MS);
    this.#loads.set(name, [...awaited, at]);
    this.check(awaited.length === 0, () => `${awaited.length + 1} loads at a time`, { replica, key });
  }

  heard({ replica, message, at }: Heard): void {
    const { key } = message;
    if (typeof key === 'string') {
      this.#loads.delete(`${replica} ${key}`);
      this.#heardAt.set(`${replica} ${key}`, at);
    } else {
      this.#forget(replica, at);
    }
  }

  lived({ name, at }: Lived): void {
    this.#forget(name, at);
  }

  tier(act: TierAct): void {
    switch (act.act) {
      case 'got':
        return;
      case 'lent':
        this.#lend(act);
        return;
      case 'announced':
        this.#kill(act.message);
        return;
      case 'dropped':
        this.#leases.clear();
        return;
      case 'fill': {
        const { key, lease, replica, isTaken } = act;
        if (isTaken) {
          const holder = this.#leases.get(key)?.lease;
          this.check(holder === lease, () => `it was filled by lease ${lease}, and ${holder ?? 'nobody'} holds it`, {
            replica,
            key,
          });
          this.#leases.delete(key);
        }
      }
    }
  }

  #lend({ key, lease, replica, at }: TierAct & { readonly act: 'lent' }): void {
    const before = this.#leases.get(key);
    this.#leases.set(key, { lease, at });
    if (before === undefined) return;
    const isOver = at - before.at >= CACHE_LIMITS.leaseMs;
    // What went with its entry nobody holds any more, and the tier tells nobody.
    const isGone = !isOver && !this.world.disturbances.isQuiet(before.at, at, { kinds: LEASES_GO_BY });
    this.check(isOver || isGone, () => `lease ${lease} was lent while ${before.lease} lives`, { replica, key });
  }

  #kill({ key, namespace }: JsonObject): void {
    if (typeof key === 'string') {
      this.#leases.delete(key);
      return;
    }
    for (const held of this.#leases.keys()) {
      if (held.startsWith(`ptt:ff:${textOf(namespace)}:`)) this.#leases.delete(held);
    }
  }

  #forget(replica: string, at: number): void {
    this.#heardAt.set(replica, at);
    for (const name of this.#loads.keys()) if (name.startsWith(`${replica} `)) this.#loads.delete(name);
  }
}

/** Who may fill a key, and since when. */
interface Lent {
  readonly lease: string;
  readonly at: number;
}

const LEASES_GO_BY: readonly FaultKind[] = ['tier-flush', 'tier-evict', 'tier-failover'];
const NONE: readonly number[] = [];
/** A store that has not answered by then is waited for by nobody; the tier may have had a part of the time before it. */
const GIVEN_UP_MS = CACHE_LIMITS.loadMs - CACHE_LIMITS.tierCallMs;

/** All but one load that began then. */
function without(begun: readonly number[], beganAt: number): readonly number[] {
  const at = begun.indexOf(beganAt);
  return begun.filter((_began, index) => index !== at);
}
