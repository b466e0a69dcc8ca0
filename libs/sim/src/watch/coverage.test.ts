import { describe, expect, it } from '@jest/globals';
import { Coverage } from './coverage.ts';

describe('the situations of a world', () => {
  it('count what caches forgot', () => {
    const coverage = new Coverage(() => 'unknown');
    const stats = { hit: 0, miss: 0, stale: 0, uncached: 0, foreign: 0, entries: 0 };
    for (const forgotten of [0, 3, 4]) coverage.cached({ ...stats, forgotten });
    expect(coverage.reached.get('a version was forgotten for want of room')).toBe(7);
  });

  it('tell a key that was never published from one that is out of the set, and from one that is in it', () => {
    const standings = new Map<string, 'published' | 'removed'>([
      ['k-1', 'removed'],
      ['k-2', 'published'],
    ]);
    const coverage = new Coverage((kid) => standings.get(kid) ?? 'unknown');
    const read = { reader: 'ff-1', at: 1, isForged: false };
    for (const kid of ['k-1', 'k-2', 'k-9']) coverage.tokenRead({ ...read, kid, isTaken: false });
    coverage.tokenRead({ ...read, kid: 'k-1', isTaken: true });
    const { reached } = coverage;
    expect([
      reached.get('a token of a removed key was refused'),
      reached.get('a token of an unknown key was refused'),
    ]).toEqual([1, 1]);
  });
});
