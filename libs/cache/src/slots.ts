import type { Stored } from './entry.ts';
import { CACHE_LIMITS, type CacheNamespace, refreshAheadMs } from './namespaces.ts';

/** Where a value came from: from a cache; from the store; from a cache while it is being refreshed; past the cache. */
export type CacheState = 'hit' | 'miss' | 'stale' | 'uncached';

export interface Read<T> extends Stored<T> {
  readonly cache: CacheState;
}

/** What is kept in process for one key. */
export interface Slot<T> {
  readonly key: string;
  readonly group: string;
  readonly member: string;
  readonly hit: Read<T>;
  readonly stale: Read<T>;
  /** On the replica's monotonic clock. */
  readonly softAt: number;
  readonly hardAt: number;
  isRead: boolean;
  /** No refresh begins before; Infinity while one is under way. */
  refreshFrom: number;
}

type Place = Pick<Slot<unknown>, 'key' | 'group' | 'member' | 'hardAt'>;

/** The entries of one space in process: found by the two parts of a key without making its text, bounded, oldest first. */
export class Slots<T> {
  readonly #namespace: CacheNamespace;
  readonly #most: number;
  readonly #groups = new Map<string, Map<string, Slot<T>>>();
  readonly #byKey = new Map<string, Slot<T>>();

  /** @param most how many are kept at a time */
  constructor(namespace: CacheNamespace, most: number) {
    this.#namespace = namespace;
    this.#most = most;
  }

  get size(): number {
    return this.#byKey.size;
  }

  find(group: string, member: string): Slot<T> | undefined {
    return this.#groups.get(group)?.get(member);
  }

  of(key: string): Slot<T> | undefined {
    return this.#byKey.get(key);
  }

  /** Goes on where it was left, with what was kept meanwhile at its end. */
  values(): MapIterator<Slot<T>> {
    return this.#byKey.values();
  }

  keep({ key, group, member, hardAt }: Place, { value, version }: Stored<T>): void {
    if (key.length > CACHE_LIMITS.keyLength) return;
    const before = this.#byKey.get(key);
    if (before !== undefined) this.drop(before);
    for (const oldest of this.#byKey.values()) {
      if (this.#byKey.size < this.#most) break;
      this.drop(oldest);
    }
    const slot: Slot<T> = {
      key,
      group,
      member,
      hit: { value, version, cache: 'hit' },
      stale: { value, version, cache: 'stale' },
      softAt: hardAt - refreshAheadMs(this.#namespace),
      hardAt,
      isRead: false,
      refreshFrom: 0,
    };
    this.#byKey.set(key, slot);
    const members = this.#groups.get(group);
    if (members === undefined) this.#groups.set(group, new Map([[member, slot]]));
    else members.set(member, slot);
  }

  drop({ key, group, member }: Slot<T>): void {
    this.#byKey.delete(key);
    const members = this.#groups.get(group);
    members?.delete(member);
    if (members?.size === 0) this.#groups.delete(group);
  }

  clear(): void {
    this.#byKey.clear();
    this.#groups.clear();
  }
}
