import type { Clock } from '#libs/kernel';
import { type Held, Holdings } from './holdings.ts';
import { CACHE_LIMITS, CACHE_NAMESPACES, type CacheNamespace, HARD_MS, refreshAheadMs } from './namespaces.ts';
import { type Invalidation, type Lease, type SharedGet, SharedTier } from './shared-tier.ts';

/** The tier of replicas that live in one process. It is as reachable as they are. */
export class MemoryTier extends SharedTier {
  readonly #clock: Clock;
  readonly #publish: (message: Invalidation) => void;
  protected readonly held = new Holdings();
  protected readonly epochs = new Map<CacheNamespace, number>();
  #leases = 0;

  /** @param publish hands the message to every subscriber, at once */
  constructor(clock: Clock, publish: (message: Invalidation) => void) {
    super();
    this.#clock = clock;
    this.#publish = publish;
  }

  async get(namespace: CacheNamespace, key: string, refresh: boolean): Promise<SharedGet> {
    const at = this.#clock.monotonicMs();
    const epoch = this.#epoch(namespace);
    const held = this.held.get(key);
    const counts = held?.epoch === epoch ? held : undefined;
    const isLeased = at < (counts?.lease?.endsAt ?? Number.NEGATIVE_INFINITY);
    const kept = counts?.entry ?? null;
    const entry = kept !== null && at < kept.endsAt ? kept : null;
    if (entry === null) {
      if (isLeased) return { kind: 'leased' };
      return { kind: 'lease', lease: this.#lend(key, epoch, null, at) };
    }
    const leftMs = entry.endsAt - at;
    const isDue = refresh && !isLeased && leftMs <= refreshAheadMs(namespace);
    return { kind: 'entry', text: entry.text, leftMs, lease: isDue ? this.#lend(key, epoch, entry, at) : null };
  }

  async fill(namespace: CacheNamespace, key: string, lease: Lease, text: string): Promise<boolean> {
    const at = this.#clock.monotonicMs();
    const held = this.held.get(key);
    if (held?.lease?.token !== lease || at >= held.lease.endsAt) return false;
    if (held.epoch !== this.#epoch(namespace)) return false;
    this.held.dropEnded(at);
    const lentAt = held.lease.endsAt - CACHE_LIMITS.leaseMs;
    this.write(key, { epoch: held.epoch, entry: { text, endsAt: lentAt + HARD_MS[namespace] }, lease: null });
    return true;
  }

  async announce(message: Invalidation): Promise<void> {
    const { namespace, key } = message;
    if (key === undefined) this.raise(namespace);
    else this.write(key, null);
    this.#publish(message);
  }

  async raiseEpochs(): Promise<void> {
    for (const namespace of CACHE_NAMESPACES) this.raise(namespace);
  }

  /** It is never lost. */
  onReconnected(): void {}

  #epoch(namespace: CacheNamespace): number {
    return this.epochs.get(namespace) ?? 0;
  }

  #lend(key: string, epoch: number, entry: Held['entry'], at: number): Lease {
    this.#leases += 1;
    const token = String(this.#leases);
    this.write(key, { epoch, entry, lease: { token, endsAt: at + CACHE_LIMITS.leaseMs } });
    return token;
  }

  /** The one place where an entry or a lease is put or taken away. */
  protected write(key: string, held: Held | null): void {
    if (held === null) this.held.delete(key);
    else this.held.set(key, held);
  }

  protected raise(namespace: CacheNamespace): void {
    this.epochs.set(namespace, this.#epoch(namespace) + 1);
  }
}
