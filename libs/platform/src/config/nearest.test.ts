import { describe, expect, it } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { editDistance, nearestName } from './nearest.ts';

const words = string({ maxLength: 12 });

describe('the distance of two texts', () => {
  it('is nothing for the same text alone', () => {
    assert(property(words, words, (a, b) => expect(editDistance(a, b) === 0).toBe(a === b)));
  });

  it('is the same both ways', () => {
    assert(property(words, words, (a, b) => expect(editDistance(a, b)).toBe(editDistance(b, a))));
  });

  it('is never longer than by way of a third', () => {
    assert(
      property(words, words, words, (a, b, c) => {
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });

  it.each([
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['PTT_STOR', 'PTT_STORE', 1],
  ])('from %j to %j is %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });
});

describe('the name that was meant', () => {
  it('is the nearest', () => {
    expect(nearestName('PTT_STROE', ['PTT_CACHE', 'PTT_STORE', 'PTT_BUS'])).toBe('PTT_STORE');
  });

  it('is none when too much of it would have to change', () => {
    expect(nearestName('abc', ['abd'])).toBe('abd');
    expect(nearestName('abc', ['ade'])).toBeNull();
    expect(nearestName('anything', [])).toBeNull();
  });

  it('is the first of several as near', () => {
    expect(nearestName('PTT_BUX', ['PTT_BUS', 'PTT_BUZ'])).toBe('PTT_BUS');
  });
});
