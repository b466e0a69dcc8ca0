import { describe, expect, it } from '@jest/globals';
import { Fences } from './fences.ts';
import { CACHE_LIMITS } from './index.ts';

const nobody = (_key: string): boolean => false;

/** As many as there is room for, the first one at version 3. */
function full(isHeld = nobody) {
  const forgotten = { count: 0 };
  const fences = new Fences(isHeld, () => (forgotten.count += 1));
  fences.raise('first', 3);
  for (let key = 1; key < CACHE_LIMITS.fences; key += 1) fences.raise(`k-${key}`, 1);
  return { fences, forgotten };
}

describe('a fence', () => {
  it('only rises', () => {
    const fences = new Fences(nobody, () => undefined);
    expect(fences.of('a')).toBe(0);
    fences.raise('a', 5);
    fences.raise('a', 4);
    expect([fences.of('a'), fences.of('b')]).toEqual([5, 0]);
    fences.raise('a', 6);
    expect(fences.of('a')).toBe(6);
  });

  it('goes, the oldest first, when there is no room for another, and that is told', () => {
    const { fences, forgotten } = full();
    expect([forgotten.count, fences.of('first')]).toEqual([0, 3]);
    fences.raise('one more', 1);
    expect(forgotten.count).toBe(1);
    expect(['first', 'k-1', 'one more'].map((key) => fences.of(key))).toEqual([0, 1, 1]);
  });

  it('that is held stays, and the next oldest goes', () => {
    const { fences, forgotten } = full((key) => key === 'first');
    fences.raise('one more', 1);
    expect([forgotten.count, fences.of('first'), fences.of('k-1'), fences.of('k-2')]).toEqual([1, 3, 0, 1]);
  });

  it('that rises is the newest, and one that does not keeps its place', () => {
    const { fences } = full();
    fences.raise('first', 4);
    fences.raise('k-1', 1);
    fences.raise('one more', 1);
    expect(['first', 'k-1', 'k-2'].map((key) => fences.of(key))).toEqual([4, 0, 1]);
  });
});
