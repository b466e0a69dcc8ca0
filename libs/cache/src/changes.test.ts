import { beforeEach, describe, expect, it } from '@jest/globals';
import { settle } from '#libs/platform/testing';
import { CACHE_LIMITS, HARD_MS } from './index.ts';
import { OddTier } from './testing/odd-tier.ts';
import { changed, DROPPED, keyOf, type Replica, Replicas } from './testing/replica.ts';

let world: Replicas;
let one: Replica;
let two: Replica;

beforeEach(() => {
  world = new Replicas();
  world.store.set('a', 'first', 1);
  one = world.replica();
  two = world.replica();
});

async function commit(value: string | null, version: number): Promise<void> {
  world.store.set('a', value, version);
  await world.memory.announce(changed('a', version));
}

describe('a change', () => {
  it('is seen at once by the replica that hears of it, and never unseen', async () => {
    await one.read('a');
    await commit('second', 2);
    one.cache.onInvalidate(changed('a', 2));
    expect(await one.read('a')).toEqual(['second', 2, 'miss']);
    one.cache.onInvalidate(changed('a', 1));
    expect(await one.read('a')).toEqual(['second', 2, 'hit']);
  });

  it('lets an entry go that is older, and no other', async () => {
    await one.read('a');
    for (const version of [0, 1]) one.cache.onInvalidate(changed('a', version));
    expect(one.space.stats.entries).toBe(1);
    one.cache.onInvalidate(changed('a', 2));
    expect(one.space.stats.entries).toBe(0);
  });

  it.each([{ key: keyOf('f', 'b') }, { version: 7 }])('that says no more than %j drops the namespace', async (said) => {
    await one.read('a');
    one.cache.onInvalidate({ namespace: 'override', ...said });
    expect(one.space.stats.entries).toBe(0);
  });

  it('begins a new load, which all join that ask after it, also once the older one has ended', async () => {
    const [older, newer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    world.store.before = () => older.promise;
    const first = one.begin('a');
    await settle();
    await commit('second', 2);
    one.cache.onInvalidate(changed('a', 2));
    world.store.before = () => newer.promise;
    const second = one.begin('a');
    older.resolve();
    expect((await first).version).toBe(1);
    await settle();
    const third = one.begin('a');
    newer.resolve();
    expect([(await second).version, (await third).version, world.store.reads]).toEqual([2, 2, 2]);
  });

  it('of another key or namespace drops nothing', async () => {
    await one.read('a');
    one.cache.onInvalidate(changed('b', 7));
    one.cache.onInvalidate({ ...changed('a', 7), namespace: 'flag' });
    expect((await one.read('a'))[2]).toBe('hit');
  });

  it('is not hidden by what the tier still has', async () => {
    await one.read('a');
    world.store.set('a', 'second', 2);
    two.cache.onInvalidate(changed('a', 2));
    expect(await two.read('a')).toEqual(['second', 2, 'miss']);
  });

  it('is not undone by a load that began before it', async () => {
    const gate = Promise.withResolvers<void>();
    world.store.before = () => gate.promise;
    const begun = one.begin('a');
    await settle();
    world.store.before = () => Promise.resolve();
    await commit('second', 2);
    one.cache.onInvalidate(changed('a', 2));
    expect((await one.read('a'))[1]).toBe(2);
    gate.resolve();
    expect((await begun).version).toBe(1);
    await settle();
    expect(await one.read('a')).toEqual(['second', 2, 'hit']);
    expect((await two.read('a'))[1]).toBe(2);
  });

  it('kills the lease of a load under way elsewhere, so that it fills nothing', async () => {
    const gate = Promise.withResolvers<void>();
    world.store.before = () => gate.promise;
    const begun = one.begin('a');
    await settle();
    await commit('second', 2);
    gate.resolve();
    await begun;
    await settle();
    expect((await two.read('a'))[1]).toBe(2);
  });

  it('is published with its deletion, again and again without harm', async () => {
    await commit('second', 2);
    await commit('second', 2);
    expect(world.published).toEqual([changed('a', 2), changed('a', 2)]);
  });

  it('of a whole namespace drops entries everywhere, and loads under way', async () => {
    await one.read('a');
    const gate = Promise.withResolvers<void>();
    world.store.before = () => gate.promise;
    const begun = two.begin('b');
    await settle();
    await world.memory.announce(DROPPED);
    for (const { cache } of [one, two]) cache.onInvalidate(DROPPED);
    world.store.before = () => Promise.resolve();
    expect((await one.read('a'))[2]).toBe('miss');
    expect((await two.read('b'))[2]).toBe('miss');
    const reads = world.store.reads;
    gate.resolve();
    await begun;
    expect((await two.read('b'))[2]).toBe('hit');
    expect(world.store.reads).toBe(reads);
  });

  it('that the store does not have yet is an error, and never an older answer', async () => {
    one.cache.onInvalidate(changed('a', 5));
    await expect(one.begin('a')).rejects.toMatchObject({
      code: 'store_unavailable',
      message: 'The store answers with less than this replica has already seen of it. Try again in a moment.',
    });
    world.store.set('a', 'fifth', 5);
    await world.clock.advance(CACHE_LIMITS.leaseMs);
    expect(await one.read('a')).toEqual(['fifth', 5, 'miss']);
  });
});

describe('fences', () => {
  it('that must go for want of room keep the replica off the tier for one hard TTL', async () => {
    await two.read('a');
    world.store.set('a', 'second', 2);
    one.cache.onInvalidate(changed('a', 2));
    for (let key = 0; key <= CACHE_LIMITS.fences; key += 1) one.cache.onInvalidate(changed(`k-${key}`, 1));
    expect(one.space.stats.forgotten).toBe(2);
    expect(await one.read('a')).toEqual(['second', 2, 'miss']);
  });

  it('are as many as a replica has room for', async () => {
    const small = world.replica(world.memory, { entries: 2, fences: 2 });
    await two.read('a');
    world.store.set('a', 'second', 2);
    for (const [key, version] of [
      ['a', 2],
      ['b', 1],
    ] as const)
      small.cache.onInvalidate(changed(key, version));
    expect(small.space.stats.forgotten).toBe(0);
    small.cache.onInvalidate(changed('c', 1));
    expect(small.space.stats.forgotten).toBe(1);
    expect(await small.read('a')).toEqual(['second', 2, 'miss']);
  });

  it('stay while a load of their key is under way, which may have read less', async () => {
    const gate = Promise.withResolvers<void>();
    world.store.before = () => gate.promise;
    const begun = one.begin('a');
    await settle();
    one.cache.onInvalidate(changed('a', 2));
    for (let key = 0; key <= CACHE_LIMITS.fences; key += 1) one.cache.onInvalidate(changed(`k-${key}`, 1));
    gate.resolve();
    expect((await begun).version).toBe(1);
    await settle();
    expect(one.space.stats.entries).toBe(0);
    world.store.set('a', 'second', 2);
    expect(await one.read('a')).toEqual(['second', 2, 'miss']);
  });

  it('that had to go are forgiven after one hard TTL', async () => {
    const odd = new OddTier(world.memory);
    const replica = world.replica(odd);
    for (let key = 0; key <= CACHE_LIMITS.fences; key += 1) replica.cache.onInvalidate(changed(`k-${key}`, 1));
    await world.clock.advance(HARD_MS.override - 1);
    // Of what is not there no fence is raised.
    await replica.read('gone');
    expect(odd.calls).toBe(0);
    await world.clock.advance(1);
    await replica.read('gone too');
    expect(odd.calls).toBe(2);
  });
});

describe('a fence that is older than one hard TTL', () => {
  it('goes without keeping the replica off the tier: nothing that is older is there', async () => {
    const odd = new OddTier(world.memory);
    const replica = world.replica(odd);
    for (let key = 0; key <= CACHE_LIMITS.fences; key += 1) replica.cache.onInvalidate(changed(`k-${key}`, 1));
    await world.clock.advance(HARD_MS.override);
    replica.cache.onInvalidate(changed('one more', 1));
    await replica.read('gone');
    expect(odd.calls).toBe(2);
  });
});

describe('a lost subscription', () => {
  it('keeps the replica from what it has in process, until the new one is acknowledged', async () => {
    await one.read('a');
    one.cache.onSubscriptionBreak();
    await commit('second', 2);
    expect(await one.read('a')).toEqual(['second', 2, 'miss']);
    expect(one.space.stats.entries).toBe(0);
    expect((await one.read('a'))[2]).toBe('hit');
    await commit('third', 3);
    expect((await one.read('a'))[1]).toBe(3);
    one.cache.onSubscriptionRestored();
    expect(one.space.stats.entries).toBe(0);
    expect((await one.read('a'))[1]).toBe(3);
  });

  it('leaves nothing behind of what was in process, and then counts what comes', async () => {
    await one.read('a');
    one.cache.onSubscriptionBreak();
    one.cache.onSubscriptionRestored();
    expect(one.space.stats.entries).toBe(0);
    await one.read('a');
    expect(one.space.stats.entries).toBe(1);
    expect(one.space.read('f', 'a', world.clock.monotonicMs())).not.toBeInstanceOf(Promise);
  });

  it('leaves nothing behind of a load that began while it was lost', async () => {
    one.cache.onSubscriptionBreak();
    const gate = Promise.withResolvers<void>();
    world.store.before = () => gate.promise;
    const begun = one.begin('a');
    await settle();
    await commit('second', 2);
    one.cache.onSubscriptionRestored();
    gate.resolve();
    await begun;
    world.store.before = () => Promise.resolve();
    expect((await one.read('a'))[1]).toBe(2);
  });
});
