import { describe, expect, it } from '@jest/globals';
import { sampleFlag } from '../testing/samples.ts';
import { isStale, offVariantOf, valueOf, variantWithValue } from './flag.ts';

describe('a flag', () => {
  it('is stale once its expected lifetime has passed', () => {
    const flag = sampleFlag({ expected_lifetime_days: 2 });
    const end = Date.UTC(2026, 0, 3);
    expect(isStale(flag, end)).toBe(false);
    expect(isStale(flag, end + 1)).toBe(true);
    expect(isStale(sampleFlag(), end * 2)).toBe(false);
    expect(isStale({ ...flag, created_at: '' }, end * 2)).toBe(false);
  });

  it('finds the first variant of a value, objects by content', () => {
    const flag = sampleFlag({ variants: { a: { x: 1, y: [2] }, b: { y: [2], x: 1 }, c: {} } });
    expect(variantWithValue(flag, { y: [2], x: 1 })).toBe('a');
    expect(variantWithValue(flag, {})).toBe('c');
    expect(variantWithValue(flag, { x: 1 })).toBeNull();
    expect(variantWithValue(flag, [])).toBeNull();
    expect(variantWithValue(sampleFlag(), false)).toBe('off');
    expect(variantWithValue(sampleFlag(), 'false')).toBeNull();
    expect(variantWithValue(sampleFlag(), 0)).toBeNull();
    expect(variantWithValue(sampleFlag(), null)).toBeNull();
  });

  it('has no variant of a value that has no canonical form', () => {
    expect(variantWithValue(sampleFlag(), '\ud800')).toBeNull();
    expect(variantWithValue(sampleFlag({ variants: { a: { x: 1 } } }), '\ud800')).toBeNull();
  });

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty', 'gone'])(
    'has no variant %s unless it says so',
    (name) => {
      expect(valueOf(sampleFlag(), name)).toBeUndefined();
      expect(valueOf(sampleFlag({ variants: { on: { x: 1 } } }), name)).toBeUndefined();
    },
  );

  it('has a variant of an inherited name that it states', () => {
    expect(valueOf(sampleFlag({ variants: { toString: { x: 1 }, constructor: 'y' } }), 'toString')).toEqual({ x: 1 });
    expect(valueOf(sampleFlag({ variants: { toString: { x: 1 }, constructor: 'y' } }), 'constructor')).toBe('y');
  });

  it('has the declared off variant, else the one that is false', () => {
    expect(offVariantOf(sampleFlag())).toBe('off');
    expect(offVariantOf(sampleFlag({ variants: { no: false, never: false }, off_variant: 'never' }))).toBe('never');
    expect(offVariantOf(sampleFlag({ variants: { zero: 0, empty: '' } }))).toBeNull();
  });
});
