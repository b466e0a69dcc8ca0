import { describe, expect, it } from '@jest/globals';
import { Disturbances } from './disturbances.ts';

function disturbed(): Disturbances {
  const disturbances = new Disturbances();
  disturbances.begin('slow-store', ['ff-1'], 100)(200);
  disturbances.begin('tier-failover', [], 300)(400);
  disturbances.begin('slow-network', ['admin-1'], 500);
  return disturbances;
}

describe('a time', () => {
  it('is quiet while nothing is wrong', () => {
    const disturbances = disturbed();
    const quiet = (from: number, until: number): boolean => disturbances.isQuiet(from, until);
    expect([quiet(0, 99), quiet(201, 299), quiet(401, 499)]).toEqual([true, true, true]);
    expect([quiet(0, 100), quiet(200, 201), quiet(150, 160), quiet(0, 1_000)]).toEqual([false, false, false, false]);
    expect(quiet(9_000, 9_001)).toBe(false);
  });

  it('is quiet of other kinds of faults than happen', () => {
    const disturbances = disturbed();
    expect(disturbances.isQuiet(100, 1_000, { kinds: ['bus-cut', 'tier-cut'] })).toBe(true);
    expect(disturbances.isQuiet(100, 1_000, { kinds: ['bus-cut', 'slow-store'] })).toBe(false);
  });

  it('is quiet for those whom nothing concerns that happens', () => {
    const disturbances = disturbed();
    const quiet = (node: string, from: number, until: number): boolean => disturbances.isQuiet(from, until, { node });
    expect([quiet('ff-1', 100, 200), quiet('ff-2', 100, 200)]).toEqual([false, true]);
    expect([quiet('ff-1', 300, 400), quiet('ff-2', 300, 400)]).toEqual([false, false]);
    expect([quiet('ff-1', 500, 600), quiet('admin-1', 500, 600)]).toEqual([true, false]);
    expect(disturbances.isQuiet(100, 200, { node: 'ff-1', kinds: ['slow-network'] })).toBe(true);
  });
});
