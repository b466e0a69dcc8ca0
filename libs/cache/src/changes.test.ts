import { beforeEach, describe, expect, it } from '@jest/globals';
import { settle } from '#libs/platform/testing';
import { CACHE_LIMITS } from './index.ts';
import { changed, DROPPED, type Replica, Replicas } from './testing/replica.ts';

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
    await expect(one.begin('a')).rejects.toMatchObject({ code: 'store_unavailable' });
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
    expect(await one.read('a')).toEqual(['second', 2, 'miss']);
  });
});

describe('a lost subscription', () => {
  it('keeps the replica from what it has in process, until the new one is acknowledged', async () => {
    await one.read('a');
    one.cache.onSubscriptionBreak();
    await commit('second', 2);
    expect(await one.read('a')).toEqual(['second', 2, 'miss']);
    expect((await one.read('a'))[2]).toBe('hit');
    await commit('third', 3);
    expect((await one.read('a'))[1]).toBe(3);
    one.cache.onSubscriptionRestored();
    expect(one.space.stats.entries).toBe(0);
    expect((await one.read('a'))[1]).toBe(3);
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
