import { Injectable, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { Cache, CACHE_LIMITS, type SharedTier, type SpaceStats } from '#libs/cache';
import { CacheInvalidated, expiryEvent } from '#libs/flags';
import { type Cancel, Clock, Ids, Scheduler } from '#libs/kernel';
import { DomainEvents, Metrics, type Ambient, type Counter, type Gauge, type Log } from '#libs/platform';

/** A replica's cache over what all replicas share. */
export function cacheOf(tier: SharedTier, { ambient, log }: { readonly ambient: Ambient; readonly log: Log }): Cache {
  return new Cache({
    tier,
    clock: ambient.clock,
    scheduler: ambient.scheduler,
    report: (err) => log.warn('the cache was passed by, or could not refresh an entry', { err }),
  });
}

const OUTCOMES = ['hit', 'miss', 'stale', 'uncached', 'foreign'] as const;
const NOTHING: SpaceStats = { hit: 0, miss: 0, stale: 0, uncached: 0, foreign: 0, entries: 0 };

/** Counts what the cache did, and tells of entries whose time is over: as an event of this replica alone. */
@Injectable()
@EventsHandler(CacheInvalidated)
export class CacheTelemetry implements IEventHandler<CacheInvalidated>, OnModuleInit, OnModuleDestroy {
  readonly #invalidations: Counter<'trigger'>;
  readonly #reads: Counter<'namespace' | 'outcome'>;
  readonly #entries: Gauge<'namespace'>;
  #counted: readonly SpaceStats[] = [];
  #end: Cancel = () => undefined;

  constructor(
    private readonly events: DomainEvents,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly ids: Ids,
    metrics: Metrics,
    @Optional() private readonly cache?: Cache,
  ) {
    this.#invalidations = invalidationCounter(metrics);
    this.#reads = metrics.counter({
      name: 'ptt_cache_reads_total',
      help: 'Reads through the cache by what became of them; foreign: an entry of the shared tier that was none of ours',
      labels: ['namespace', 'outcome'],
    });
    this.#entries = metrics.gauge({
      name: 'ptt_cache_entries',
      help: 'Entries in process',
      labels: ['namespace'],
    });
  }

  onModuleInit(): void {
    if (this.cache === undefined) return;
    this.cache.onExpired((namespace, key, version) => {
      const at = this.clock.now();
      const by = { at, newId: () => this.ids.uuidV7(at) };
      this.events.publish([new CacheInvalidated(expiryEvent(by, namespace, key, version))]);
    });
    this.#end = this.scheduler.every(CACHE_LIMITS.tickMs, () => this.#count());
  }

  onModuleDestroy(): void {
    this.#end();
    this.cache?.close();
  }

  handle({ payload }: CacheInvalidated): void {
    if (payload['trigger'] === 'ttl_expiry') this.#invalidations.add({ trigger: 'ttl_expiry' });
  }

  #count(): void {
    const spaces = this.cache?.spaces ?? [];
    const entries = new Map<string, number>();
    for (const [index, { namespace, stats }] of spaces.entries()) {
      const before = this.#counted[index] ?? NOTHING;
      for (const outcome of OUTCOMES) this.#reads.add({ namespace, outcome }, stats[outcome] - before[outcome]);
      entries.set(namespace, (entries.get(namespace) ?? 0) + stats.entries);
    }
    for (const [namespace, count] of entries) this.#entries.set({ namespace }, count);
    this.#counted = spaces.map(({ stats }) => stats);
  }
}

export function invalidationCounter(metrics: Metrics): Counter<'trigger'> {
  return metrics.counter({
    name: 'ptt_cache_invalidations_total',
    help: 'Invalidations that reached this replica, and entries of its own whose time was over',
    labels: ['trigger'],
  });
}
