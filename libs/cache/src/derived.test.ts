import { beforeEach, describe, expect, it } from '@jest/globals';
import { Derived } from './derived.ts';
import { CACHE_LIMITS } from './index.ts';
import { type Replica, Replicas } from './testing/replica.ts';

const AT = Date.UTC(2026, 0, 1);
const FROM = { versions: [3, 0, 7], at: AT, endsAt: Infinity };

let world: Replicas;
let replica: Replica;
let derived: Derived<number>;
let made: number;

beforeEach(() => {
  world = new Replicas();
  replica = world.replica();
  derived = replica.cache.derived({
    namespace: 'evaluated',
    keyOf: (group, member, { at }) => `ptt:ff:evaluated:${group}:${at}:${member}`,
  });
  made = 0;
});

function of(from: Partial<typeof FROM> = {}, group = 'f', member = 'm'): number {
  return derived.of(group, member, world.clock.monotonicMs(), { ...FROM, ...from }, () => {
    made += 1;
    return made;
  });
}

describe('what was derived', () => {
  it('is given again for the same inputs, and counted', () => {
    expect([of(), of(), of()]).toEqual([1, 1, 1]);
    expect(derived.stats).toEqual({ hit: 2, miss: 1, stale: 0, uncached: 0, foreign: 0, forgotten: 0, entries: 1 });
  });

  it.each([
    ['another version', { versions: [4, 0, 7] }],
    ['an older version', { versions: [3, 0, 6] }],
    ['more versions', { versions: [3, 0, 7, 1] }],
    ['fewer versions', { versions: [3, 0] }],
    ['an earlier instant', { at: AT - 1 }],
  ])('is derived anew for %s', (_what, from) => {
    of();
    expect(of(from)).toBe(2);
    expect(derived.stats.entries).toBe(1);
  });

  it('is another one for another flag or subject', () => {
    expect([of(), of({}, 'g'), of({}, 'f', 'n'), of(), of({}, 'g'), of({}, 'f', 'n')]).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('leaves its group to the others when it is derived anew', () => {
    expect([of(), of({}, 'f', 'n'), of({ versions: [4, 0, 7] }), of({}, 'f', 'n')]).toEqual([1, 2, 3, 2]);
  });

  it('is told of when it is let go, by what it was made of, with the first of its versions', async () => {
    const told: unknown[] = [];
    replica.cache.onExpired((...expired) => void told.push(expired));
    of();
    of({ versions: [], at: AT + 1 }, 'g');
    await world.clock.advance(30_000);
    expect(told).toEqual([
      ['evaluated', `ptt:ff:evaluated:f:${AT}:m`, 3],
      ['evaluated', `ptt:ff:evaluated:g:${AT + 1}:m`, 0],
    ]);
  });

  it('ends with the first of the overrides that it was made of', () => {
    of({ endsAt: AT + 10 });
    expect(of({ at: AT + 9, endsAt: AT + 10 })).toBe(1);
    expect(of({ at: AT + 10 })).toBe(2);
  });

  it('is derived anew past its soft end, which is 24 s, and let go after 30 s', async () => {
    of();
    await world.clock.advance(23_999);
    expect(of()).toBe(1);
    await world.clock.advance(1);
    expect(of()).toBe(2);
    await world.clock.advance(29_000);
    expect([derived.stats.entries, world.expired]).toEqual([1, []]);
    await world.clock.advance(1_000);
    expect([derived.stats.entries, world.expired]).toEqual([0, [`ptt:ff:evaluated:f:${AT}:m`]]);
  });

  it('is let go in its turn where many end together, a few in each look', async () => {
    for (let index = 0; index <= CACHE_LIMITS.lookActs; index += 1) of({}, `f-${index}`);
    await world.clock.advance(30_000);
    expect([derived.stats.entries, world.expired.length]).toEqual([1, CACHE_LIMITS.lookActs]);
    await world.clock.advance(CACHE_LIMITS.lookPauseMs);
    expect([derived.stats.entries, world.expired.length]).toEqual([0, CACHE_LIMITS.lookActs + 1]);
  });

  it('is let go no faster where so many end together that a look still goes on when the next is due', async () => {
    const looks = CACHE_LIMITS.tickMs / CACHE_LIMITS.lookPauseMs;
    for (let index = 0; index < (looks + 3) * CACHE_LIMITS.lookActs; index += 1) of({}, `f-${index}`);
    await world.clock.advance(30_000 + CACHE_LIMITS.tickMs);
    expect(world.expired).toHaveLength((looks + 1) * CACHE_LIMITS.lookActs);
  });

  it('is looked at once a second where one look is enough', async () => {
    await world.clock.advance(CACHE_LIMITS.tickMs / 2);
    of();
    await world.clock.advance(30_000);
    expect(derived.stats.entries).toBe(1);
    await world.clock.advance(CACHE_LIMITS.tickMs / 2);
    expect(derived.stats.entries).toBe(0);
  });

  it('is dropped by every message of its namespace, and by the end of a break', () => {
    of();
    replica.cache.onInvalidate({ namespace: 'override', scope: {}, epoch: 1 });
    expect(of()).toBe(1);
    replica.cache.onInvalidate({ namespace: 'evaluated', scope: { tenant: 'T' }, epoch: 2 });
    expect(of()).toBe(2);
    replica.cache.onSubscriptionBreak();
    expect([of(), of(), derived.stats.entries]).toEqual([3, 4, 0]);
    replica.cache.onSubscriptionRestored();
    expect([of(), of()]).toEqual([5, 5]);
  });

  it('is not kept under a name that is too long', () => {
    expect([of({}, 'f', 'x'.repeat(4_096)), of({}, 'f', 'x'.repeat(4_096))]).toEqual([1, 2]);
    expect([of({}, 'f', 'x'.repeat(4_095)), of({}, 'f', 'x'.repeat(4_095))]).toEqual([3, 3]);
  });

  it('makes room by letting the oldest go', () => {
    for (let index = 0; index < 50_001; index += 1) of({}, `f-${index}`);
    expect(derived.stats.entries).toBe(50_000);
    expect([of({}, 'f-1'), of({}, 'f-0')]).toEqual([2, 50_002]);
  });
});
