import { PttError } from '#libs/kernel';
import { readEntry, type Stored, writeEntry } from './entry.ts';
import { Fences } from './fences.ts';
import type { Fetched, Load, LoadUnderWay } from './load.ts';
import { Loads } from './loads.ts';
import { CACHE_LIMITS, type CacheNamespace, HARD_MS, refreshAheadMs } from './namespaces.ts';
import type { Invalidation, Lease } from './shared-tier.ts';
import { type Read, type Slot, Slots } from './slots.ts';
import { inTime } from './in-time.ts';
import type { SpaceOptions, SpacePorts, SpaceStats } from './space-ports.ts';

/**
 * One kind of entry in one replica: the protocol that contracts/cache_invalidation_contract.json tells of. What is decided is in small
 * protected methods, one a rule.
 */
export class Space<T> {
  readonly namespace: CacheNamespace;
  readonly #options: SpaceOptions<T>;
  readonly #ports: SpacePorts;
  readonly #slots: Slots<T>;
  readonly #loads = new Loads<T>();
  readonly #counts = { hit: 0, miss: 0, stale: 0, uncached: 0, foreign: 0, forgotten: 0 };
  protected readonly fences: Fences;
  protected drops = 0;
  #skipsTierUntil = Number.NEGATIVE_INFINITY;
  /** What the look that is under way has still to look at. */
  #unseen: MapIterator<Slot<T>> | null = null;

  constructor(options: SpaceOptions<T>, ports: SpacePorts) {
    this.namespace = options.namespace;
    this.#options = options;
    this.#ports = ports;
    this.#slots = new Slots(options.namespace, ports.bounds.entries);
    this.fences = new Fences(
      ports.clock,
      ports.bounds.fences,
      (key) => this.#loads.has(key),
      (raisedAt) => {
        this.#counts.forgotten += 1;
        this.skipTier(raisedAt + HARD_MS[options.namespace]);
      },
    );
  }

  get stats(): SpaceStats {
    return { ...this.#counts, entries: this.#slots.size };
  }

  /**
   * At once on a hit, with nothing allocated.
   * @param at the replica's monotonic clock, read once for all reads of a request
   * @throws PttError store_unavailable when the store is behind what was already seen, or does not answer in time; what
   *   `load` throws
   */
  read(group: string, member: string, at: number): Read<T> | Promise<Read<T>> {
    const slot = this.#slots.find(group, member);
    if (slot !== undefined && this.#ports.isListening()) {
      if (at < slot.softAt) {
        slot.isRead = true;
        this.#counts.hit += 1;
        return slot.hit;
      }
      if (at < slot.hardAt) {
        slot.isRead = true;
        this.#counts.stale += 1;
        this.#refresh(slot, at);
        return slot.stale;
      }
      this.#expire(slot);
    }
    return this.#miss(group, member);
  }

  /** What this replica heard, or wrote itself. */
  invalidate({ key, version }: Invalidation): void {
    if (key === undefined || version === undefined) this.flush();
    else this.#raise(key, version);
  }

  /** Forgets every entry and every load under way; fences stay. */
  flush(): void {
    this.#slots.clear();
    this.forgetLoads();
  }

  /**
   * Refreshes ahead what was read and has nobody to ask for it now, and lets go what is past its end. True where that is
   * more than one look may: the next one goes on behind it, so that each slot is looked at once.
   */
  tick(): boolean {
    const at = this.#ports.clock.monotonicMs();
    const { tier, isListening } = this.#ports;
    const mayRefresh = isListening() && tier.isUsable;
    let left: number = CACHE_LIMITS.lookActs;
    this.#unseen ??= this.#slots.values();
    for (let next = this.#unseen.next(); next.done !== true; next = this.#unseen.next()) {
      const slot = next.value;
      if (at >= slot.hardAt) this.#expire(slot);
      else if (mayRefresh && slot.isRead && at >= Math.max(slot.softAt, slot.refreshFrom)) this.#refresh(slot, at);
      else continue;
      left -= 1;
      if (left === 0) return true;
    }
    this.#unseen = null;
    return false;
  }

  /** A caller joins only a load that began after whatever is known now. */
  protected joins(load: Load, key: string): boolean {
    return load.fence === this.fences.of(key) && load.drops === this.drops;
  }

  /** A load answers those who waited for it unless it is below what was known when it began. */
  protected mayAnswer(load: Load, version: number): boolean {
    return version >= load.fence;
  }

  /** A load is kept unless it is below what is known now, or the space was dropped since it began. */
  protected mayKeep(load: Load, key: string, version: number): boolean {
    return version >= this.fences.of(key) && load.drops === this.drops;
  }

  /** What was read is known: nothing older may follow it. */
  protected raiseOnRead(key: string, { version }: Stored<T>): void {
    this.#raise(key, version);
  }

  /** What is under way answers those who wait for it, and nobody else. */
  protected forgetLoads(): void {
    this.drops += 1;
    this.#loads.forget();
  }

  /** When what the tier has ends here: as there, whenever it is copied. */
  protected sharedEnd(_key: string, askedAt: number, leftMs: number): number {
    return askedAt + Math.min(leftMs, HARD_MS[this.namespace]);
  }

  /** Fills the tier. Whoever waits for the load is answered before. */
  protected share(_load: Load, key: string, lease: Lease, stored: Stored<T>): Promise<void> {
    return this.#ports.tier.fill(this.namespace, key, lease, writeEntry(key, stored, this.#options.codec));
  }

  /** A fence went for want of room: what is older was read from the store before it was raised, and ends by then. */
  protected skipTier(until: number): void {
    this.#skipsTierUntil = Math.max(this.#skipsTierUntil, until);
  }

  #raise(key: string, version: number): void {
    this.fences.raise(key, version);
    const slot = this.#slots.of(key);
    if (slot !== undefined && slot.hit.version < version) this.#slots.drop(slot);
  }

  async #miss(group: string, member: string): Promise<Read<T>> {
    const key = this.#options.keyOf(group, member);
    const underWay = this.#loads.joinable(key);
    const load =
      underWay !== undefined && this.joins(underWay, key) ? underWay : this.#begin(key, group, member, false);
    const read = await load.answer;
    this.#counts[read.cache] += 1;
    return read;
  }

  #begin(key: string, group: string, member: string, isRefresh: boolean): LoadUnderWay<T> {
    const begun: Load = { fence: this.fences.of(key), drops: this.drops, isRefresh };
    // Over before the tier is filled: nobody waits for that.
    return this.#loads.begin(key, begun, () => this.run(begun, key, group, member));
  }

  protected async run(load: Load, key: string, group: string, member: string): Promise<Read<T>> {
    const fetched = await this.#fetch(load, key, group, member);
    const { value, version, cache, hardAt, lease } = fetched;
    this.raiseOnRead(key, fetched);
    if (cache !== 'uncached' && this.mayKeep(load, key, version)) {
      if (this.#ports.isListening()) this.#slots.keep({ key, group, member, hardAt }, fetched);
      if (lease !== null) void this.share(load, key, lease, { value, version });
    }
    return { value, version, cache };
  }

  async #fetch(load: Load, key: string, group: string, member: string): Promise<Fetched<T>> {
    const { tier, clock } = this.#ports;
    const { isRefresh } = load;
    const askedAt = clock.monotonicMs();
    const isShared = key.length <= CACHE_LIMITS.keyLength && askedAt >= this.#skipsTierUntil;
    const shared = isShared ? await tier.get(this.namespace, key, isRefresh) : null;
    if (shared?.kind === 'entry' && !(isRefresh && shared.leftMs <= refreshAheadMs(this.namespace))) {
      const entry = readEntry(key, shared.text, this.#options.codec);
      if (entry === null) this.#counts.foreign += 1;
      else if (this.mayAnswer(load, entry.version)) {
        const hardAt = this.sharedEnd(key, askedAt, shared.leftMs);
        // It may have ended on its way here.
        if (clock.monotonicMs() < hardAt) return { ...entry, cache: 'hit', hardAt, lease: null };
      }
    }
    const readAt = clock.monotonicMs();
    const leftMs = CACHE_LIMITS.loadMs - (readAt - askedAt);
    const stored = await inTime(this.#options.load(group, member), leftMs, this.#ports.scheduler);
    if (!this.mayAnswer(load, stored.version)) {
      throw new PttError('store_unavailable', {
        detail: 'The store answers with less than this replica has already seen of it. Try again in a moment.',
      });
    }
    const isPast = isShared && shared === null;
    const lease = shared === null || shared.kind === 'leased' ? null : shared.lease;
    return { ...stored, cache: isPast ? 'uncached' : 'miss', hardAt: readAt + HARD_MS[this.namespace], lease };
  }

  #refresh(slot: Slot<T>, at: number): void {
    // What is read past the tier is not kept, so that it would only burden the store.
    if (at < slot.refreshFrom || !this.#ports.tier.isUsable) return;
    slot.refreshFrom = Infinity;
    const underWay = this.#loads.joinable(slot.key);
    const load =
      underWay !== undefined && this.joins(underWay, slot.key)
        ? underWay
        : this.#begin(slot.key, slot.group, slot.member, true);
    // One that succeeded has replaced this slot, or what was heard meanwhile has dropped it. One that found the tier away is
    // not repeated: the next read after the hard end sees whether it is there.
    load.answer.catch((failure: unknown) => {
      slot.refreshFrom = this.#ports.clock.monotonicMs() + CACHE_LIMITS.tickMs;
      this.#ports.report(failure);
    });
  }

  #expire(slot: Slot<T>): void {
    this.#slots.drop(slot);
    this.#ports.onExpired(this.namespace, slot.key, slot.hit.version);
  }
}
