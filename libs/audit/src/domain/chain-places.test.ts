import { beforeEach, describe, expect, it } from '@jest/globals';
import { ChainPlaces } from './chain-places.ts';

const FF = '/ptt/ff';
const ADMIN = '/ptt/admin';

let places: ChainPlaces;

beforeEach(() => {
  places = new ChainPlaces();
});

function passed(sequence: number | null, line: number, source = FF): void {
  const event = { id: 'x', source, data: {} };
  places.passed({ event, sequence, prev_hash: null, hash: null, sink_status: 'deferred' }, line);
}

const behind = (at: Readonly<Record<string, number>>, source: string | null = FF): number =>
  places.lineBehind(new Map(Object.entries(at)), source);

describe('where a search may begin', () => {
  it('is the first line where nothing is known', () => {
    expect([behind({}), behind({ [FF]: 700 }), behind({ [FF]: 700 }, null)]).toEqual([1, 1, 1]);
  });

  it('is the last place at or before the record that comes next', () => {
    for (let sequence = 1; sequence <= 600; sequence += 1) passed(sequence, 10 * sequence);
    const lines = [0, 1, 255, 256, 511, 512, 599, 5_000].map((last) => behind({ [FF]: last }));
    expect(lines).toEqual([10, 10, 10, 2_570, 2_570, 5_130, 5_130, 5_130]);
  });

  it('is known of every 256th record alone, and by its first reading', () => {
    passed(1, 1);
    passed(256, 300);
    expect(behind({ [FF]: 300 })).toBe(1);
    passed(257, 301);
    passed(257, 999);
    passed(1, 999);
    expect(behind({ [FF]: 300 })).toBe(301);
  });

  it('is the first place of a chain that begins behind what was given', () => {
    passed(5, 40);
    passed(400, 900);
    expect(behind({})).toBe(40);
  });

  it('is the earliest one of all chains, or that of the only one that is looked into', () => {
    passed(1, 3);
    passed(300, 500);
    passed(1, 7, ADMIN);
    passed(300, 400, ADMIN);
    const cursor = { [FF]: 299, [ADMIN]: 299 };
    expect([behind(cursor), behind(cursor, ADMIN), behind(cursor, null)]).toEqual([500, 400, 400]);
    expect([behind({ [FF]: 299 }, null), behind({ [FF]: 299 }, '/ptt/other')]).toEqual([7, 1]);
  });

  it('is told by no record that has no place in a chain', () => {
    passed(null, 40);
    expect(behind({})).toBe(1);
  });
});
