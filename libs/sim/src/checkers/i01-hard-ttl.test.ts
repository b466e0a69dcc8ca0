import { beforeEach, describe, expect, it } from '@jest/globals';
import { World } from '../run/world.ts';
import type { InputRead } from '../watch/seen.ts';
import { HardTtl } from './i01-hard-ttl.ts';

const KEY = 'ptt:ff:override:tenant:T-1:ff.a';
const READ = {
  replica: 'ff-2',
  namespace: 'override',
  key: KEY,
  version: 1,
  value: null,
  cache: 'hit',
  isInProcess: true,
  askedAt: 0,
  beganAt: 0,
  endedAt: 0,
} as const satisfies InputRead;

let found: string[];
let checker: HardTtl;
beforeEach(() => {
  found = [];
  checker = new HardTtl(new World(1, { replicas: 2, admins: 1 }), ({ detail }) => void found.push(detail));
});

const load = (replica: string, at: number): void =>
  checker.loaded({ replica, key: KEY, phase: 'begun', beganAt: at, at });
const fill = (replica: string, isTaken: boolean): void =>
  checker.tier({ act: 'fill', key: KEY, lease: '1', replica, version: 1, isTaken, at: 0 });
const get = (replica: string, at: number): void => checker.tier({ act: 'got', key: KEY, replica, at });
const read = (askedAt: number): void => checker.read({ ...READ, askedAt, beganAt: askedAt, endedAt: askedAt });

describe('I1', () => {
  it('counts what a replica has from its own question to the store', () => {
    load('ff-2', 1_000);
    read(61_000);
    expect([found, checker.checks]).toEqual([[], 2]);
    read(61_001);
    expect(found).toEqual(['it was served, and read from the store 60001 ms before']);
  });

  it('does not take what another has read meanwhile for it, unless that was shared and fetched', () => {
    load('ff-2', 1_000);
    load('ff-1', 50_000);
    fill('ff-1', false);
    get('ff-2', 50_100);
    read(61_001);
    expect(found).toHaveLength(1);
    fill('ff-1', true);
    read(61_002);
    expect(found).toHaveLength(2);
    get('ff-2', 61_003);
    read(110_000);
    expect(found).toHaveLength(2);
    read(110_001);
    expect(found).toHaveLength(3);
  });

  it('counts what is shared from the question of whoever shared it, however late it is copied', () => {
    load('ff-1', 1_000);
    fill('ff-1', true);
    get('ff-2', 59_000);
    read(61_000);
    expect(found).toEqual([]);
    read(61_001);
    expect(found).toHaveLength(1);
  });
});
