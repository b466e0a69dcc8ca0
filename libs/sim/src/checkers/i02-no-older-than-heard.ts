import { CACHE_NAMESPACES } from '#libs/cache';
import type { JsonObject } from '#libs/kernel';
import type { Commit, Heard, InputRead, Lived, Load, TierAct, Wrote } from '../watch/seen.ts';
import { Checker } from './checker.ts';
import { correlationOf, textOf } from './fields.ts';

/**
 * Once a replica has heard of version v of a key, or answered for writing it, it never serves or stores one below v; once
 * it has heard that a namespace is dropped, or was subscribed anew, it serves nothing of it that it had before.
 */
export class NoOlderThanHeard extends Checker {
  readonly id = 'I2';
  /** By replica, then by key, with when it heard of it. */
  readonly #heard = new Map<string, Map<string, { readonly version: number; readonly at: number }[]>>();

  /** What each change has to tell, by its correlation id, until its caller is answered. */
  readonly #told = new Map<string, readonly JsonObject[]>();
  /** When a replica last dropped a namespace. */
  readonly #droppedAt = new PairTimes();
  /** When a replica last began to fetch a key, from the store or from the tier. */
  readonly #fetchedAt = new PairTimes();

  committed({ store, line }: Commit): void {
    if (store !== 'ff') return;
    for (const record of line.records) {
      this.#told.set(
        correlationOf(record),
        line.messages.map(({ payload }) => payload),
      );
    }
  }

  wrote({ replica, correlationId, at }: Wrote): void {
    for (const message of this.#told.get(correlationId) ?? []) this.#note(replica, message, at);
    this.#told.delete(correlationId);
  }

  heard({ replica, message, at }: Heard): void {
    if (message['key'] === undefined) this.#droppedAt.set(replica, textOf(message['namespace']), at);
    else this.#note(replica, message, at);
  }

  loaded({ replica, key, phase, at }: Load): void {
    if (phase === 'begun') this.#fetchedAt.set(replica, key, at);
  }

  #note(replica: string, { key, version }: JsonObject, at: number): void {
    if (typeof key !== 'string' || typeof version !== 'number') return;
    const keys = this.#heard.get(replica) ?? new Map<string, { version: number; at: number }[]>();
    this.#heard.set(replica, keys);
    const known = keys.get(key) ?? [];
    keys.set(key, known);
    if (version > (known.at(-1)?.version ?? 0)) known.push({ version, at });
  }

  lived({ name, what, at }: Lived): void {
    // Another process of that name has heard of nothing.
    if (what === 'up') this.#heard.delete(name);
    if (what === 'up' || what === 'restored') {
      for (const namespace of CACHE_NAMESPACES) this.#droppedAt.set(name, namespace, at);
    }
  }

  read({ replica, namespace, key, version, beganAt }: InputRead): void {
    const droppedAt = this.#droppedAt.of(replica, namespace);
    const fetchedAt = this.#fetchedAt.of(replica, key);
    if (beganAt > droppedAt) {
      this.check(fetchedAt >= droppedAt, () => 'it was served, and fetched before its namespace was dropped', {
        replica,
        key,
      });
    }
    const least = this.#least(replica, key, beganAt);
    if (least === 0) return;
    this.check(version >= least, () => `version ${version} was served after version ${least} had been heard of`, {
      replica,
      key,
    });
  }

  tier(act: TierAct): void {
    if (act.act === 'got') this.#fetchedAt.set(act.replica, act.key, act.at);
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

/** An instant for each pair of names. It is asked at every read, which a text made of both would slow down. */
class PairTimes {
  readonly #times = new Map<string, Map<string, number>>();

  /** -Infinity where it never was. */
  of(replica: string, name: string): number {
    return this.#times.get(replica)?.get(name) ?? -Infinity;
  }

  set(replica: string, name: string, at: number): void {
    const times = this.#times.get(replica) ?? new Map<string, number>();
    this.#times.set(replica, times.set(name, at));
  }
}
