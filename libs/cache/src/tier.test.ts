import { beforeEach, describe, expect, it } from '@jest/globals';
import { settle } from '#libs/platform/testing';
import { Cache, CACHE_LIMITS } from './index.ts';
import { OddTier } from './testing/odd-tier.ts';
import { changed, keyOf, type Replica, Replicas } from './testing/replica.ts';

let world: Replicas;
let one: Replica;
let two: Replica;

beforeEach(() => {
  world = new Replicas();
  world.store.set('a', 'first', 1);
  one = world.replica();
  two = world.replica();
});

describe('a tier', () => {
  let odd: OddTier;
  let replica: Replica;

  beforeEach(() => {
    odd = new OddTier(world.memory);
    replica = world.replica(odd);
  });

  it('that is away leaves the answers to the store, is left alone for a while, and is used again', async () => {
    odd.isAway = true;
    expect(await replica.read('a')).toEqual(['first', 1, 'uncached']);
    expect(await replica.read('a')).toEqual(['first', 1, 'uncached']);
    expect([odd.calls, replica.cache.isAvailable, replica.space.stats.entries]).toEqual([1, false, 0]);
    odd.isAway = false;
    await world.clock.advance(CACHE_LIMITS.tierPauseMs);
    expect(replica.cache.isAvailable).toBe(true);
    expect((await replica.read('a'))[2]).toBe('miss');
    expect((await replica.read('a'))[2]).toBe('hit');
  });

  it('that is behind what this replica read from the store takes it back behind nothing', async () => {
    await one.read('a');
    world.store.set('a', 'second', 2);
    odd.isAway = true;
    expect((await replica.read('a'))[1]).toBe(2);
    odd.isAway = false;
    await world.clock.advance(CACHE_LIMITS.tierPauseMs);
    expect(await replica.read('a')).toEqual(['second', 2, 'miss']);
  });

  it('that does not answer is waited for no longer than its limit', async () => {
    odd.isSlow = true;
    const begun = replica.begin('a');
    await world.clock.advance(CACHE_LIMITS.tierCallMs);
    expect((await begun).cache).toBe('uncached');
    expect(world.failures.map(String)).toEqual([`TierUnreachable: no answer within ${CACHE_LIMITS.tierCallMs} ms`]);
  });

  it('is filled by nobody who has no leave to', async () => {
    await one.read('a');
    await replica.read('a');
    expect(odd.calls).toBe(1);
    world.store.before = () => Promise.reject(new Error('the store is away'));
    await expect(one.begin('b')).rejects.toThrow('the store is away');
    world.store.before = () => Promise.resolve();
    expect((await replica.read('b'))[2]).toBe('miss');
    expect(odd.calls).toBe(2);
  });

  it('that went away during a load is not filled', async () => {
    const gate = Promise.withResolvers<void>();
    world.store.before = () => gate.promise;
    const begun = replica.begin('a');
    await settle();
    odd.isAway = true;
    void replica.begin('b');
    await settle();
    expect(odd.calls).toBe(2);
    gate.resolve();
    expect((await begun).cache).toBe('miss');
    await settle();
    expect(odd.calls).toBe(2);
  });

  it('that stalls in a fill keeps nobody waiting', async () => {
    const begun = replica.begin('a');
    await Promise.resolve();
    odd.isSlow = true;
    expect((await begun).cache).toBe('miss');
    expect((await replica.read('a'))[2]).toBe('hit');
    replica.cache.onInvalidate(changed('a', 2));
    world.store.set('a', 'second', 2);
    odd.isSlow = false;
    expect((await replica.read('a'))[1]).toBe(2);
  });

  it.each([
    ['foreign bytes', '\u0000\u0001'],
    ['no object', '7'],
    ['another schema', '{"schema":1,"key":"KEY","version":1,"value":"x"}'],
    ['another key', '{"schema":2,"key":"KEY:","version":1,"value":"x"}'],
    ['no key', '{"schema":2,"version":1,"value":"x"}'],
    ['no schema', '{"version":1,"value":"x"}'],
    ['no version', '{"schema":2,"key":"KEY","value":"x"}'],
    ['a version that is none', '{"schema":2,"key":"KEY","version":1.5,"value":"x"}'],
    ['a version in text', '{"schema":2,"key":"KEY","version":"1","value":"x"}'],
    ['no value', '{"schema":2,"key":"KEY","version":1}'],
    ['a value of another kind', '{"schema":2,"key":"KEY","version":1,"value":{}}'],
  ])('that holds %s has nothing, and it is counted', async (_what, text) => {
    odd.text = text.replace('KEY', keyOf('f', 'a'));
    expect(await replica.read('a')).toEqual(['first', 1, 'miss']);
    expect(replica.space.stats.foreign).toBe(1);
  });

  it('that was reconnected to is used only when all that it held was dropped', async () => {
    await one.read('a');
    odd.isAway = true;
    odd.reconnect();
    odd.reconnect();
    await settle();
    expect([odd.raised, replica.cache.isAvailable]).toEqual([1, false]);
    await world.clock.advance(CACHE_LIMITS.tierPauseMs);
    expect(odd.raised).toBe(2);
    odd.isAway = false;
    await world.clock.advance(CACHE_LIMITS.tierPauseMs);
    expect([odd.raised, replica.cache.isAvailable]).toEqual([3, true]);
    expect((await two.read('a'))[2]).toBe('miss');
  });

  it('is not raised any more once the cache is closed', async () => {
    odd.isAway = true;
    odd.reconnect();
    await settle();
    replica.cache.close();
    await world.clock.advance(10 * CACHE_LIMITS.tierPauseMs);
    expect(odd.raised).toBe(1);
  });

  it('that is older than the process, which cannot know what was never told of, is dropped before it is used', async () => {
    await one.read('a');
    const cache = new Cache({
      tier: odd,
      clock: world.clock,
      scheduler: world.clock,
      report: () => undefined,
      isTierDoubtful: true,
    });
    expect([odd.raised, cache.isAvailable]).toEqual([1, false]);
    await settle();
    expect(cache.isAvailable).toBe(true);
    expect((await two.read('a'))[2]).toBe('miss');
    cache.close();
  });

  it('that was lost again while all that it held was being dropped is dropped once more', async () => {
    const first = Promise.withResolvers<void>();
    odd.before = () => first.promise;
    odd.reconnect();
    odd.reconnect();
    odd.before = () => Promise.resolve();
    first.resolve();
    await settle();
    expect([odd.raised, replica.cache.isAvailable]).toEqual([2, true]);
  });

  it('whose entry ended on its way here has nothing', async () => {
    odd.leftMs = 10;
    odd.text = `{"schema":2,"key":"${keyOf('f', 'a')}","version":1,"value":"old"}`;
    const late = Promise.withResolvers<void>();
    odd.before = () => late.promise;
    const begun = replica.begin('a');
    await world.clock.advance(10);
    late.resolve();
    expect(await begun).toMatchObject({ value: 'first', cache: 'miss' });
  });
});
