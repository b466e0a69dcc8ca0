import { beforeEach, describe, expect, it } from '@jest/globals';
import { World } from '../run/world.ts';
import { OneLoad } from './i04-one-load.ts';

const KEY = 'ptt:ff:flag:ff.a';

let world: World;
let found: string[];
let checker: OneLoad;
beforeEach(() => {
  found = [];
  world = new World(1, { replicas: 2, admins: 1 });
  checker = new OneLoad(world, ({ detail }) => void found.push(detail));
});

const lend = (lease: string, at: number): void => checker.tier({ act: 'lent', key: KEY, lease, replica: 'ff-1', at });
const fill = (lease: string): void =>
  checker.tier({ act: 'fill', key: KEY, lease, replica: 'ff-1', version: 1, isTaken: true, at: 0 });

describe('I4, of leases', () => {
  it('finds one that is lent while another of its key lives', () => {
    lend('1', 1_000);
    lend('2', 2_999);
    expect(found).toEqual(['lease 2 was lent while 1 lives']);
  });

  it('takes another once the first has ended, was used, or was killed', () => {
    lend('1', 1_000);
    lend('2', 3_000);
    fill('2');
    lend('3', 3_001);
    checker.tier({ act: 'announced', message: { key: KEY, version: 2 }, replica: 'ff-2', at: 3_002 });
    lend('4', 3_003);
    checker.tier({ act: 'announced', message: { namespace: 'flag', epoch: 2 }, replica: 'ff-2', at: 3_004 });
    lend('5', 3_005);
    checker.tier({ act: 'dropped', at: 3_006 });
    lend('6', 3_007);
    expect(found).toEqual([]);
  });

  it('takes another where the tier has lost what it had', () => {
    lend('1', 1_000);
    world.disturbances.begin('tier-evict', [], 1_500)(1_500);
    lend('2', 1_600);
    expect(found).toEqual([]);
  });

  it('finds a fill by a lease that is not the last one', () => {
    lend('1', 1_000);
    lend('2', 3_000);
    fill('1');
    expect(found).toEqual(['it was filled by lease 1, and 2 holds it']);
  });
});
