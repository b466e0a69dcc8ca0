import { type CacheNamespace, type Held, MemoryTier } from '#libs/cache';
import type { Chance } from '../chance.ts';

interface Written {
  readonly at: number;
  readonly key: string;
  readonly before: Held | null;
}

/** A shared tier as Redis is one: it can lose all it has, some of it, or the last that was written. */
export class FragileTier extends MemoryTier {
  /** Newest last; only as far back as a failover can reach. */
  #written: Written[] = [];
  #raised: { readonly at: number; readonly namespace: CacheNamespace }[] = [];
  now: () => number = () => 0;

  get size(): number {
    return this.held.size;
  }

  /** All of it is gone, as after FLUSHALL; the epochs with it. */
  flushAll(): number {
    const { size } = this.held;
    for (const key of this.held.keys()) this.held.delete(key);
    this.epochs.clear();
    this.#written = [];
    return size;
  }

  /** Some entries go for want of room. */
  evict(chance: Chance, share: number): number {
    const gone = [...this.held.keys()].filter(() => chance.chance(share));
    for (const key of gone) this.held.delete(key);
    return gone.length;
  }

  /** Another server takes over that had not got the last `lostMs` of what was acknowledged. */
  failOver(lostMs: number): number {
    const since = this.now() - lostMs;
    const lost = this.#written.filter(({ at }) => at >= since);
    for (const { key, before } of lost.toReversed()) super.write(key, before);
    for (const { at, namespace } of this.#raised) {
      if (at >= since) this.epochs.set(namespace, (this.epochs.get(namespace) ?? 1) - 1);
    }
    this.#written = [];
    this.#raised = [];
    return lost.length;
  }

  protected override write(key: string, held: Held | null): void {
    const at = this.now();
    if (this.#written.length > 2_000) this.#written = this.#written.filter((one) => one.at >= at - 2_000);
    this.#written.push({ at, key, before: this.held.get(key) ?? null });
    super.write(key, held);
  }

  protected override raise(namespace: CacheNamespace): void {
    this.#raised = [...this.#raised.slice(-100), { at: this.now(), namespace }];
    super.raise(namespace);
  }
}
