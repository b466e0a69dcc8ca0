import { beforeEach, describe, expect, it } from '@jest/globals';
import { CACHE_LIMITS, HARD_MS } from './index.ts';
import { OddTier } from './testing/odd-tier.ts';
import { changed, keyOf, type Replica, Replicas } from './testing/replica.ts';

const HARD = HARD_MS.override;
const SOFT = 0.8 * HARD;

let world: Replicas;
let one: Replica;
let two: Replica;

beforeEach(() => {
  world = new Replicas();
  world.store.set('a', 'first', 1);
  one = world.replica();
  two = world.replica();
});

describe('an entry', () => {
  it('is stale from the soft end on, is refreshed once behind its readers, and is fresh again', async () => {
    await one.read('a');
    await world.clock.advance(SOFT - 1);
    expect(await one.read('a')).toEqual(['first', 1, 'hit']);
    world.store.set('a', 'second', 2);
    world.store.before = () => world.clock.sleep(10);
    await world.clock.advance(1);
    const stale = await Promise.all([one.begin('a'), one.begin('a')]);
    expect(stale.map(({ cache, version }) => [cache, version])).toEqual([
      ['stale', 1],
      ['stale', 1],
    ]);
    await world.clock.advance(10);
    expect(await one.read('a')).toEqual(['second', 2, 'hit']);
    expect(world.store.reads).toBe(2);
    expect(await two.read('a')).toEqual(['second', 2, 'hit']);
  });

  it('is refreshed without traffic when it was read in the last period, and only then', async () => {
    world.store.set('b', 'unread', 1);
    await one.read('a');
    await one.read('a');
    await one.read('b');
    await world.clock.advance(HARD + CACHE_LIMITS.tickMs);
    expect(world.store.reads).toBe(3);
    expect(await one.read('a')).toEqual(['first', 1, 'hit']);
    expect(world.expired).toEqual([keyOf('f', 'b')]);
  });

  it('is looked at no more once its cache is closed', async () => {
    await one.read('a');
    await one.read('a');
    for (const { cache } of [one, two]) cache.close();
    expect(world.clock.waiting).toBe(0);
    await world.clock.advance(HARD);
    expect([world.store.reads, world.expired]).toEqual([1, []]);
  });

  it('is refreshed from the tier where another replica has done it', async () => {
    await one.read('a');
    await two.read('a');
    await world.clock.advance(SOFT);
    expect((await one.read('a'))[2]).toBe('stale');
    expect((await two.read('a'))[2]).toBe('stale');
    expect((await two.read('a'))[2]).toBe('hit');
    expect(world.store.reads).toBe(2);
  });

  it('is refreshed by a load that is under way anyhow', async () => {
    await two.read('a');
    await world.clock.advance(SOFT - 1_000);
    const tier = new OddTier(world.memory);
    const late = world.replica(tier);
    const copied = Promise.withResolvers<void>();
    tier.before = () => copied.promise;
    const first = late.begin('a');
    // A load of its own, past a tier that is away by then, to a store that takes its time.
    late.cache.onInvalidate(changed('a', 1));
    tier.isAway = true;
    world.store.before = () => new Promise((resolve) => void world.clock.after(1_500, resolve));
    const second = late.begin('a');
    copied.resolve();
    expect((await first).cache).toBe('hit');
    await world.clock.advance(1_000);
    expect((await late.read('a'))[2]).toBe('stale');
    expect(world.store.reads).toBe(2);
    await world.clock.advance(500);
    expect((await second).version).toBe(1);
  });

  it('is refreshed at the first look from its soft end on, and let go at the first from its hard end on', async () => {
    world.store.set('b', 'unread', 1);
    await one.read('a');
    await one.read('a');
    await one.read('b');
    await world.clock.advance(SOFT);
    expect(world.store.reads).toBe(3);
    await world.clock.advance(HARD - SOFT);
    expect(world.expired).toEqual([keyOf('f', 'b')]);
  });

  it('is gone at the hard end between two looks as well', async () => {
    await world.clock.advance(CACHE_LIMITS.tickMs / 2);
    await one.read('a');
    await world.clock.advance(HARD);
    // A look comes once a second where one is enough.
    expect(world.expired).toEqual([]);
    world.store.set('a', 'second', 2);
    expect(await one.read('a')).toEqual(['second', 2, 'miss']);
  });

  it('is gone at the hard end, whatever happens', async () => {
    await one.read('a');
    world.store.before = () => Promise.reject(new Error('the store is away'));
    await world.clock.advance(HARD - 1);
    expect((await one.read('a'))[2]).toBe('stale');
    await world.clock.advance(1);
    await expect(one.begin('a')).rejects.toThrow('the store is away');
    expect(world.expired).toEqual([keyOf('f', 'a')]);
  });

  it('is asked for anew a while after a refresh failed, and not at every read', async () => {
    await one.read('a');
    world.store.before = () => Promise.reject(new Error('the store is away'));
    await world.clock.advance(SOFT);
    for (let read = 0; read < 5; read += 1) await one.read('a');
    expect([world.store.reads, world.failures.length]).toEqual([2, 1]);
    await world.clock.advance(CACHE_LIMITS.tickMs);
    expect(world.store.reads).toBe(3);
  });

  it('is refreshed in time, also where very many fall due at one instant, and not all in one look', async () => {
    const share = 1 / 20;
    const keys = Array.from({ length: share * CACHE_LIMITS.entries }, (_, index) => `k-${index}`);
    for (const key of [...keys, ...keys]) await one.begin(key);
    await world.clock.advance(SOFT - 1);
    const reads = world.store.reads;
    await world.clock.advance(1);
    expect(world.store.reads - reads).toBe(CACHE_LIMITS.lookActs);
    // All that a space can keep has the whole time.
    await world.clock.advance(share * (HARD - SOFT) - 1);
    expect(world.store.reads - reads).toBe(keys.length);
    await world.clock.advance(HARD - SOFT);
    expect([world.expired, one.space.stats.entries]).toEqual([[], keys.length]);
  });

  it('that ends with many others is let go in its turn, a few in each look', async () => {
    const count = 2 * CACHE_LIMITS.lookActs + 1;
    for (let key = 0; key < count; key += 1) await one.begin(`k-${key}`);
    await world.clock.advance(HARD);
    expect(world.expired).toHaveLength(CACHE_LIMITS.lookActs);
    await world.clock.advance(CACHE_LIMITS.lookPauseMs);
    expect(world.expired).toHaveLength(2 * CACHE_LIMITS.lookActs);
    one.cache.close();
    await world.clock.advance(HARD);
    expect(world.expired).toHaveLength(2 * CACHE_LIMITS.lookActs);
  });

  it('is found by a look that was under way when all that it had still to see was dropped', async () => {
    const count = 2 * CACHE_LIMITS.lookActs;
    for (let key = 0; key < count; key += 1) await one.begin(`k-${key}`);
    await world.clock.advance(HARD);
    one.space.flush();
    await one.read('a');
    await world.clock.advance(HARD);
    expect(world.expired.slice(CACHE_LIMITS.lookActs)).toEqual([keyOf('f', 'a')]);
  });

  it('is read once at the most, all its soft time, while what is read cannot be kept: the tier is away', async () => {
    const tier = new OddTier(world.memory);
    const replica = world.replica(tier);
    for (const key of ['a', 'a', 'b', 'b']) await replica.read(key);
    tier.isAway = true;
    for (let at = SOFT; at < HARD; at += CACHE_LIMITS.tickMs) {
      await world.clock.advance(at === SOFT ? SOFT : CACHE_LIMITS.tickMs);
      expect((await replica.read('a'))[2]).toBe('stale');
    }
    expect(world.store.reads).toBe(4);
    tier.isAway = false;
    await world.clock.advance(CACHE_LIMITS.tickMs);
    expect((await replica.read('a'))[2]).toBe('miss');
  });

  it('is not refreshed while the tier is left alone, and then is', async () => {
    const tier = new OddTier(world.memory);
    const replica = world.replica(tier);
    for (const key of ['a', 'a']) await replica.read(key);
    await world.clock.advance(SOFT - 1);
    tier.isAway = true;
    await replica.read('b');
    tier.isAway = false;
    await world.clock.advance(1);
    expect([(await replica.read('a'))[2], world.store.reads]).toEqual(['stale', 2]);
    await world.clock.advance(CACHE_LIMITS.tierPauseMs);
    expect([(await replica.read('a'))[2], world.store.reads]).toEqual(['hit', 3]);
  });

  it('is not refreshed ahead while messages may be missed: it counts no more', async () => {
    for (const key of ['a', 'a']) await one.read(key);
    one.cache.onSubscriptionBreak();
    await world.clock.advance(HARD);
    expect(world.store.reads).toBe(1);
  });

  it('lives no longer for being copied', async () => {
    await one.read('a');
    await world.clock.advance(HARD - 100);
    await two.read('a');
    await world.clock.advance(99);
    world.store.set('a', 'second', 2);
    expect((await two.read('a'))[1]).toBe(1);
    await world.clock.advance(1);
    expect((await two.read('a'))[1]).toBe(2);
  });

  it('counts its time from before the store was read', async () => {
    world.store.before = () => world.clock.sleep(500);
    const begun = one.begin('a');
    await world.clock.advance(500);
    await begun;
    world.store.before = () => Promise.resolve();
    await world.clock.advance(HARD - 500 - 1);
    expect((await two.read('a'))[1]).toBe(1);
    await world.clock.advance(1);
    world.store.set('a', 'second', 2);
    expect((await two.read('a'))[1]).toBe(2);
  });

  it('gives way to newer ones when there are too many', async () => {
    for (let key = 0; key <= CACHE_LIMITS.entries; key += 1) await one.begin(`k-${key}`);
    expect(one.space.stats.entries).toBe(CACHE_LIMITS.entries);
    expect((await one.read('k-1'))[2]).toBe('hit');
  });

  it('gives way as soon as a replica has room for no more', async () => {
    const small = world.replica(world.memory, { entries: 2, fences: 9 });
    const derived = small.cache.derived({ namespace: 'evaluated', keyOf: (group, member) => `${group}:${member}` });
    for (const key of ['a', 'b', 'c']) {
      await small.read(key);
      derived.of('f', key, 0, { versions: [1], at: 0, endsAt: Infinity }, () => key);
    }
    expect([small.space.stats, derived.stats]).toMatchObject([{ entries: 2, forgotten: 0 }, { entries: 2 }]);
    expect((await small.read('c'))[2]).toBe('hit');
  });
});
