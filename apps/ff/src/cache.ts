import { Injectable, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { Cache, type CacheNamespace, type SharedTexts, type SharedTier, type SpaceStats } from '#libs/cache';
import { CacheInvalidated, expiryEvent } from '#libs/flags';
import { Clock, Ids } from '#libs/kernel';
import { DomainEvents, Metrics, type Ambient, type Counter, type Log } from '#libs/platform';

interface CacheParts {
  readonly jwks: SharedTexts | null;
  readonly ambient: Ambient;
  readonly log: Log;
}

/** A replica's cache over what all replicas share. */
export function cacheOf(tier: SharedTier, { jwks, ambient, log }: CacheParts): Cache {
  const cache = new Cache({
    tier,
    clock: ambient.clock,
    scheduler: ambient.scheduler,
    report: (err) => log.warn('the cache was passed by, or could not refresh an entry', { err }),
  });
  if (jwks !== null) cache.counts(jwks);
  return cache;
}

const OUTCOMES = ['hit', 'miss', 'stale', 'uncached', 'foreign'] as const;

/** Tells of entries whose time is over, as an event of this replica alone, and counts what the cache did. */
@Injectable()
@EventsHandler(CacheInvalidated)
export class CacheTelemetry implements IEventHandler<CacheInvalidated>, OnModuleInit, OnModuleDestroy {
  readonly #invalidations: Counter<'trigger'>;

  constructor(
    private readonly events: DomainEvents,
    private readonly clock: Clock,
    private readonly ids: Ids,
    metrics: Metrics,
    @Optional() private readonly cache?: Cache,
  ) {
    this.#invalidations = invalidationCounter(metrics);
    if (cache !== undefined) measure(cache, metrics);
  }

  onModuleInit(): void {
    this.cache?.onExpired((namespace, key, version) => {
      const at = this.clock.now();
      const by = { at, newId: () => this.ids.uuidV7(at) };
      const event = expiryEvent(by, namespace, key, version);
      if (event === null) this.#invalidations.add({ trigger: 'ttl_expiry' });
      else this.events.publish([new CacheInvalidated(event)]);
    });
  }

  onModuleDestroy(): void {
    this.cache?.close();
  }

  handle({ payload }: CacheInvalidated): void {
    if (payload['trigger'] === 'ttl_expiry') this.#invalidations.add({ trigger: 'ttl_expiry' });
  }
}

function measure(cache: Cache, metrics: Metrics): void {
  metrics.sampled(
    {
      kind: 'counter',
      name: 'ptt_cache_reads_total',
      help: 'Reads through the cache by what became of them; foreign: the shared tier had an entry that was none of ours',
      labels: ['namespace', 'outcome'],
    },
    () =>
      sums(cache).flatMap(([namespace, stats]) =>
        OUTCOMES.map((outcome) => ({ labels: { namespace, outcome }, value: stats[outcome] })),
      ),
  );
  metrics.sampled(
    {
      kind: 'counter',
      name: 'ptt_cache_forgotten_total',
      help: 'Versions that went for want of room; for one TTL after that the shared tier is not asked',
      labels: ['namespace'],
    },
    () => sums(cache).map(([namespace, { forgotten }]) => ({ labels: { namespace }, value: forgotten })),
  );
  metrics.sampled({ kind: 'gauge', name: 'ptt_cache_entries', help: 'Entries in process', labels: ['namespace'] }, () =>
    sums(cache).map(([namespace, { entries }]) => ({ labels: { namespace }, value: entries })),
  );
}

/** By namespace: overrides of tenants and of users are kept apart. */
function sums(cache: Cache): readonly (readonly [CacheNamespace, SpaceStats])[] {
  const byNamespace = new Map<CacheNamespace, SpaceStats>();
  for (const { namespace, stats } of cache.spaces) {
    const before = byNamespace.get(namespace);
    byNamespace.set(namespace, before === undefined ? stats : sumOf(before, stats));
  }
  return [...byNamespace];
}

function sumOf(one: SpaceStats, other: SpaceStats): SpaceStats {
  return {
    hit: one.hit + other.hit,
    miss: one.miss + other.miss,
    stale: one.stale + other.stale,
    uncached: one.uncached + other.uncached,
    foreign: one.foreign + other.foreign,
    forgotten: one.forgotten + other.forgotten,
    entries: one.entries + other.entries,
  };
}

export function invalidationCounter(metrics: Metrics): Counter<'trigger'> {
  return metrics.counter({
    name: 'ptt_cache_invalidations_total',
    help: 'Invalidations that reached this replica, and entries of its own whose time was over',
    labels: ['trigger'],
  });
}
