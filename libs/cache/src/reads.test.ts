import { beforeEach, describe, expect, it } from '@jest/globals';
import { settle } from '#libs/platform/testing';
import { CACHE_LIMITS, HARD_MS } from './index.ts';
import { OddTier } from './testing/odd-tier.ts';
import { keyOf, type Replica, Replicas } from './testing/replica.ts';

const SOFT = 0.8 * HARD_MS.override;

let world: Replicas;
let one: Replica;
let two: Replica;

beforeEach(() => {
  world = new Replicas();
  world.store.set('a', 'first', 1);
  one = world.replica();
  two = world.replica();
});

describe('a read', () => {
  it('goes to the store once, and then to nobody', async () => {
    expect(await one.read('a')).toEqual(['first', 1, 'miss']);
    expect(await one.read('a')).toEqual(['first', 1, 'hit']);
    expect(world.store.reads).toBe(1);
  });

  it('answers a hit at once, with the same object each time', async () => {
    await one.read('a');
    const at = world.clock.monotonicMs();
    const read = one.space.read('f', 'a', at);
    expect(read).not.toBeInstanceOf(Promise);
    expect(one.space.read('f', 'a', at)).toBe(read);
  });

  it('of another replica is answered by the tier, not by the store', async () => {
    await one.read('a');
    expect(await two.read('a')).toEqual(['first', 1, 'hit']);
    expect(world.store.reads).toBe(1);
    expect(two.space.read('f', 'a', world.clock.monotonicMs())).not.toBeInstanceOf(Promise);
  });

  it('of what is not there is remembered with the version of its tombstone', async () => {
    world.store.set('gone', null, 9);
    expect(await one.read('gone')).toEqual([null, 9, 'miss']);
    expect(await two.read('gone')).toEqual([null, 9, 'hit']);
    expect(await one.read('gone')).toEqual([null, 9, 'hit']);
  });

  it('tells two parts of a key from two others', async () => {
    world.store.set('b', 'other', 2);
    await one.read('a');
    expect(await one.read('b')).toEqual(['other', 2, 'miss']);
    expect(await one.read('a', 'g')).toEqual(['first', 1, 'miss']);
  });

  it('is loaded once for all who ask meanwhile', async () => {
    const reads = await Promise.all([one.begin('a'), one.begin('a'), one.begin('a')]);
    expect(reads.map(({ version }) => version)).toEqual([1, 1, 1]);
    expect(world.store.reads).toBe(1);
  });

  it('that fails is over: the next one begins anew', async () => {
    world.store.before = () => Promise.reject(new Error('the store is away'));
    await expect(one.begin('a')).rejects.toThrow('the store is away');
    world.store.before = () => Promise.resolve();
    await world.clock.advance(CACHE_LIMITS.leaseMs);
    expect(await one.read('a')).toEqual(['first', 1, 'miss']);
  });

  it('that the store keeps waiting fails in time, and so do those who joined; the next one begins anew', async () => {
    world.store.before = () => new Promise(() => undefined);
    const reads = [one.begin('a'), one.begin('a')];
    await settle();
    const outcomes = Promise.allSettled(reads);
    await world.clock.advance(CACHE_LIMITS.loadMs - 1);
    let areOver = false;
    void outcomes.then(() => {
      areOver = true;
    });
    await settle();
    expect(areOver).toBe(false);
    await world.clock.advance(1);
    expect(await outcomes).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'store_unavailable' }) },
      { status: 'rejected', reason: expect.objectContaining({ code: 'store_unavailable' }) },
    ]);
    world.store.before = () => Promise.resolve();
    expect(await one.read('a')).toEqual(['first', 1, 'miss']);
    expect(world.store.reads).toBe(2);
  });

  it('has what the tier took of its time less for the store', async () => {
    const tier = new OddTier(world.memory);
    tier.before = () => new Promise((resolve) => void world.clock.after(100, resolve));
    world.store.before = () => new Promise(() => undefined);
    const outcome = Promise.allSettled([world.replica(tier).begin('a')]);
    await world.clock.advance(100);
    await world.clock.advance(CACHE_LIMITS.loadMs - 100);
    expect(await outcome).toMatchObject([{ reason: { code: 'store_unavailable' } }]);
  });

  it('of a key beyond all bounds passes the cache by', async () => {
    const long = 'x'.repeat(10_000);
    world.store.set(long, 'long', 3);
    expect(await one.read(long)).toEqual(['long', 3, 'miss']);
    expect(await one.read(long)).toEqual(['long', 3, 'miss']);
    expect(one.space.stats.entries).toBe(0);
  });

  it('of a key at the bound is cached, in the tier too', async () => {
    const member = 'x'.repeat(CACHE_LIMITS.keyLength - keyOf('f', '').length);
    await one.read(member);
    expect(one.space.stats.entries).toBe(1);
    expect((await two.read(member))[2]).toBe('hit');
  });

  it('is counted beside what else is read through the same tier', () => {
    const others = { namespace: 'jwks', stats: { ...one.space.stats, hit: 7 } } as const;
    one.cache.counts(others);
    expect(one.cache.spaces).toEqual([one.space, others]);
  });

  it('leaves no timer behind', async () => {
    const { waiting } = world.clock;
    await one.read('a');
    expect(world.clock.waiting).toBe(waiting);
  });

  it('is counted by where its answer came from', async () => {
    await one.read('a');
    await one.read('a');
    world.store.before = () => new Promise(() => undefined);
    await world.clock.advance(SOFT);
    await one.read('a');
    expect(one.space.stats).toEqual({ hit: 1, miss: 1, stale: 1, uncached: 0, foreign: 0, forgotten: 0, entries: 1 });
    expect(one.cache.spaces.map(({ namespace }) => namespace)).toEqual(['override']);
  });
});
