import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '#libs/platform/testing';
import { Fences } from './fences.ts';
import { CACHE_LIMITS } from './index.ts';

const nobody = (_key: string): boolean => false;

/** As many as there is room for, the first one at version 3 and raised a while before the others. */
async function full(isHeld = nobody) {
  const clock = new ManualClock();
  const forgotten: number[] = [];
  const fences = new Fences(clock, CACHE_LIMITS.fences, isHeld, (raisedAt) => void forgotten.push(raisedAt));
  await clock.advance(10);
  fences.raise('first', 3);
  await clock.advance(5);
  for (let key = 1; key < CACHE_LIMITS.fences; key += 1) fences.raise(`k-${key}`, 1);
  return { clock, fences, forgotten };
}

describe('a fence', () => {
  it('only rises', () => {
    const fences = new Fences(new ManualClock(), CACHE_LIMITS.fences, nobody, () => undefined);
    expect(fences.of('a')).toBe(0);
    fences.raise('a', 5);
    fences.raise('a', 4);
    expect([fences.of('a'), fences.of('b')]).toEqual([5, 0]);
    fences.raise('a', 6);
    expect(fences.of('a')).toBe(6);
  });

  it('goes, the oldest first, when there is no room for another, and that is told with when it was raised', async () => {
    const { fences, forgotten } = await full();
    expect([forgotten, fences.of('first')]).toEqual([[], 3]);
    fences.raise('one more', 1);
    expect(forgotten).toEqual([10]);
    expect(['first', 'k-1', 'one more'].map((key) => fences.of(key))).toEqual([0, 1, 1]);
  });

  it('that is held stays, and the next oldest goes', async () => {
    const { fences, forgotten } = await full((key) => key === 'first');
    fences.raise('one more', 1);
    expect([forgotten, fences.of('first'), fences.of('k-1'), fences.of('k-2')]).toEqual([[15], 3, 0, 1]);
  });

  it('that rises is the newest, and one that does not keeps its place, and its instant', async () => {
    const { clock, fences, forgotten } = await full();
    await clock.advance(5);
    fences.raise('first', 4);
    fences.raise('k-1', 1);
    fences.raise('one more', 1);
    expect(forgotten).toEqual([15]);
    expect(['first', 'k-1', 'k-2'].map((key) => fences.of(key))).toEqual([4, 0, 1]);
  });
});
