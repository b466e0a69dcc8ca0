import { describe, expect, it } from '@jest/globals';
import { Chance } from '../chance.ts';
import { Conditions } from './conditions.ts';

const WAYS = [
  ['ff-1', 'redis'],
  ['redis', 'ff-1'],
  ['ff-1', 'admin-1'],
] as const;

const lost = (conditions: Conditions) => WAYS.map(([from, to]) => conditions.loses(from, to));

describe('a node that loses messages', () => {
  it('loses those to it and from it, each of them felt, until it is mended', () => {
    const conditions = new Conditions(new Chance(1));
    const mend = conditions.drop('tier-lossy', 'redis', 1);
    expect(lost(conditions)).toEqual([true, true, false]);
    expect(conditions.felt.get('tier-lossy')).toBe(2);
    mend();
    expect(lost(conditions)).toEqual([false, false, false]);
    expect(conditions.felt.get('tier-lossy')).toBe(2);
  });

  it('loses so many of them as was said, and none for a share of nothing', () => {
    const conditions = new Conditions(new Chance(2));
    conditions.drop('tier-lossy', 'redis', 0.25);
    conditions.drop('reply-lost', 'admin-1', 0);
    const ofTier = Array.from({ length: 2_000 }, () => conditions.loses('ff-1', 'redis')).filter(Boolean);
    expect(ofTier.length / 2_000).toBeCloseTo(0.25, 1);
    expect(conditions.loses('ff-1', 'admin-1')).toBe(false);
  });

  it('goes on losing for another fault when the first has ended', () => {
    const conditions = new Conditions(new Chance(3));
    const mend = conditions.drop('tier-lossy', 'redis', 1);
    conditions.drop('tier-lossy', 'redis', 1);
    mend();
    expect(lost(conditions)).toEqual([true, true, false]);
  });
});
