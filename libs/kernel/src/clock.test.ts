import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseInstant, toIso } from './clock.ts';

/** What a Date can be, in milliseconds. */
const DATE_MAX = 8.64e15;

describe('an instant as text', () => {
  it('is what a Date says of it, whichever instant was told before', () => {
    const near = fc.integer({ min: -5_000, max: 5_000 });
    const instants = fc.array(fc.oneof(near, fc.integer({ min: -DATE_MAX, max: DATE_MAX })), { minLength: 1 });
    fc.assert(
      fc.property(instants, (all) => {
        expect(all.map(toIso)).toEqual(all.map((at) => new Date(at).toISOString()));
      }),
    );
  });

  it('is read back as the same instant', () => {
    const year9999 = Date.UTC(9999, 11, 31);
    fc.assert(fc.property(fc.integer({ min: 0, max: year9999 }), (at) => parseInstant(toIso(at)) === at));
  });

  it.each([Number.NaN, DATE_MAX + 1, Infinity])('is refused where there is none: %d', (at) => {
    toIso(0);
    expect(() => toIso(at)).toThrow(RangeError);
  });
});
