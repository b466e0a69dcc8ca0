import { describe, expect, it } from '@jest/globals';
import { failure, SPEC } from '../testing/index.ts';
import { keptSeedText, parseKeptSeed } from './kept-seed.ts';

const fault = { kind: 'bus-cut', at: 12.5, forMs: 100, target: 2, size: 0.5 } as const;
const kept = {
  version: 1,
  seed: 42,
  replicas: 3,
  faults: ['bus-cut'],
  plan: [fault],
  invariant: 'I2',
  found: 'a1b2c3d',
  what: 'a fence was lost',
};
const parse = (changes: object) => parseKeptSeed(JSON.stringify({ ...kept, ...changes }), 'seeds/42.json');

describe('a seed that is kept', () => {
  it('is read with its plan, or with the one that the seed gives', () => {
    expect(parse({})).toEqual({
      spec: { ...SPEC, seed: 42, faults: ['bus-cut'], plan: [fault] },
      invariant: 'I2',
      found: 'a1b2c3d',
      what: 'a fence was lost',
    });
    expect(parse({ plan: undefined, faults: 'swarm' }).spec).toEqual({ ...SPEC, seed: 42 });
  });

  it('is written as it is read', () => {
    const spec = { ...SPEC, seed: 42, plan: [fault] };
    const text = JSON.stringify(keptSeedText(spec, failure({ detail: 'a fence was lost\n at x' }), 'a1b2c3d'));
    expect(parseKeptSeed(text, 'x')).toEqual({ spec, invariant: 'I2', found: 'a1b2c3d', what: 'a fence was lost' });
  });

  it.each<[string, object, string]>([
    ['another version', { version: 2 }, '/version is 2; only 1 is allowed'],
    ['no seed', { seed: 'x' }, '/seed has to be a whole number from 0 to 4294967295'],
    ['too many replicas', { replicas: 99 }, '/replicas has to be a whole number from 1 to 8'],
    ['an unknown fault', { faults: ['meteor'] }, '/faults has to be swarm, none or a list of bus-cut, '],
    ['a plan of something else', { plan: [{ ...fault, at: -1 }] }, '/plan has to be a list of {"kind", "at"'],
    [
      'a plan that meets half a replica',
      { plan: [{ ...fault, target: 1.5 }] },
      '/plan has to be a list of {"kind", "at"',
    ],
    ['an unknown member', { foo: 1 }, 'There is no foo; allowed are version, seed'],
    ['no reason', { what: '' }, '/what has to be a text'],
  ])('is refused by name with %s', (_what, changes, message) => {
    expect(() => parse(changes)).toThrow(`seeds/42.json: ${message}`);
  });

  it.each(['{', '[]', '7'])('is refused where it is no JSON object: %s', (text) => {
    expect(() => parseKeptSeed(text, 'seeds/42.json')).toThrow('seeds/42.json: It is no JSON object.');
  });
});
