import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CqrsModule } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { Cache, MemoryTier } from '#libs/cache';
import { CachedInputs } from '#libs/flags';
import { FlagMachine, FlagService } from '#libs/flags/testing';
import { Clock, Ids } from '#libs/kernel';
import { DomainEvents, Log, Metrics, PromMetrics } from '#libs/platform';
import { CollectingLog, SeededRandom } from '#libs/platform/testing';
import { cacheOf, CacheTelemetry } from './cache.ts';

describe('what is told of the cache', () => {
  let metrics: PromMetrics;
  let machine: FlagMachine;
  let service: FlagService;
  let module: TestingModule;

  beforeEach(async () => {
    metrics = new PromMetrics({ process: false });
    machine = new FlagMachine();
    const { clock, ids } = machine;
    const log = new CollectingLog();
    const ambient = { clock, ids, scheduler: clock, random: new SeededRandom(1) };
    const cache = cacheOf(new MemoryTier(clock, () => undefined), { jwks: null, ambient, log });
    service = await FlagService.open(
      machine,
      (_machine, { flags, overrides }) => new CachedInputs(cache, clock, flags, overrides),
    );
    await service.define({ 'ff.a': {} });
    module = await Test.createTestingModule({
      imports: [CqrsModule.forRoot()],
      providers: [
        CacheTelemetry,
        DomainEvents,
        { provide: Cache, useValue: cache },
        { provide: Clock, useValue: clock },
        { provide: Ids, useValue: ids },
        { provide: Log, useValue: log },
        { provide: Metrics, useValue: metrics },
      ],
    }).compile();
    await module.init();
  });
  afterEach(async () => {
    await module.close();
    await service.close();
  });

  const told = async (): Promise<readonly string[]> =>
    (await metrics.exposition()).split('\n').filter((line) => line.includes('{namespace="override"'));
  const ask = () => service.ask('ff.a', { tenantId: 'T', userId: 'U' });

  it('sums what a tenant’s and a user’s overrides were read as, and how many are kept', async () => {
    // Between two ticks, which refresh ahead by themselves what was read.
    await machine.clock.advance(500);
    await ask();
    await ask();
    await machine.clock.advance(48_000);
    await ask();
    expect(await told()).toEqual([
      'ptt_cache_reads_total{namespace="override",outcome="hit"} 2',
      'ptt_cache_reads_total{namespace="override",outcome="miss"} 2',
      'ptt_cache_reads_total{namespace="override",outcome="stale"} 2',
      'ptt_cache_reads_total{namespace="override",outcome="uncached"} 0',
      'ptt_cache_reads_total{namespace="override",outcome="foreign"} 0',
      'ptt_cache_forgotten_total{namespace="override"} 0',
      'ptt_cache_entries{namespace="override"} 2',
    ]);
  });
});
