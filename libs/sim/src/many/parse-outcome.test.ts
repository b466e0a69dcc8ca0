import { describe, expect, it } from '@jest/globals';
import { failure, outcome } from '../testing/index.ts';
import { differenceOf } from './judge.ts';
import { parseOutcome } from './parse-outcome.ts';

const WHOLE = outcome({
  plan: [{ kind: 'bus-cut', at: 1.25, forMs: 2, target: 0, size: 0.5 }],
  simulatedMs: 660_001.5,
  failure: failure(),
});
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('an outcome that was written', () => {
  it('is read as it was', () => {
    expect(parseOutcome(written(WHOLE))).toEqual(WHOLE);
    const passed = outcome({ failure: null });
    expect(parseOutcome(written(passed))).toEqual(passed);
    const nobodys = outcome({ failure: failure({ replica: null, key: null, kind: 'exception' }) });
    expect(parseOutcome(written(nobodys))).toEqual(nobodys);
  });

  it('differs in nothing from the one that it was', () => {
    for (const one of [WHOLE, outcome(), outcome({ failure: { ...failure(), kind: 'liveness', replica: null } })]) {
      const read = parseOutcome(written(one));
      expect(read === null ? 'none' : differenceOf(read, one)).toBeNull();
    }
  });

  it.each(Object.keys(WHOLE))('is none without its %s', (name) => {
    expect(parseOutcome(written({ ...WHOLE, [name]: undefined }))).toBeNull();
  });

  it.each([
    null,
    'text',
    [WHOLE],
    { ...WHOLE, seed: '1' },
    { ...WHOLE, events: -1 },
    { ...WHOLE, events: 1.5 },
    { ...WHOLE, simulatedMs: -1 },
    { ...WHOLE, hash: 1 },
    { ...WHOLE, plan: [{ kind: 'meteor', at: 1, forMs: 2, target: 0, size: 0.5 }] },
    { ...WHOLE, felt: { 'bus-cut': 'often' } },
    { ...WHOLE, checks: [1] },
    { ...WHOLE, sometimes: null },
    { ...WHOLE, failure: 'I2' },
    { ...WHOLE, failure: { ...failure(), kind: 'warning' } },
    { ...WHOLE, failure: { ...failure(), at: null } },
    { ...WHOLE, failure: { ...failure(), detail: 1 } },
    { ...WHOLE, failure: { ...failure(), replica: 2 } },
    { ...WHOLE, failure: { ...failure(), key: 2 } },
    { ...WHOLE, failure: { ...failure(), invariant: 2 } },
  ])('is none where something else is there: case %#', (value) => {
    expect(parseOutcome(written(value))).toBeNull();
  });
});
