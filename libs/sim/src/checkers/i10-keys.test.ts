import { describe, expect, it } from '@jest/globals';
import { World } from '../run/world.ts';
import { Keys } from './i10-keys.ts';

describe('I10', () => {
  it('finds a forged token that was taken, under the name of a key that is published', () => {
    const found: string[] = [];
    const world = new World(1, { replicas: 1, admins: 1 });
    const checker = new Keys(world, ({ detail }) => void found.push(detail));
    const read = { reader: 'ff-1', kid: 'k-1', at: 1 };
    checker.tokenRead({ ...read, isForged: false, isTaken: true });
    checker.tokenRead({ ...read, isForged: true, isTaken: false });
    expect([found, checker.checks]).toEqual([[], 1]);
    checker.tokenRead({ ...read, isForged: true, isTaken: true });
    expect(found).toEqual(['a forged token of k-1 was taken']);
  });
});
