import { beforeEach, describe, expect, it } from '@jest/globals';
import { type HeldOverride, heldOverride, type Override, overrideCacheKey } from '#libs/flags';
import { sampleOverride } from '#libs/flags/testing';
import { World } from '../run/world.ts';
import type { InputRead } from '../watch/seen.ts';
import { PrecedenceHolds } from './i09-precedence.ts';

const OVERRIDE = sampleOverride({ flag_key: 'ff.plain', expires_at: '2026-01-01T00:01:00.000Z' });
const KEY = overrideCacheKey(OVERRIDE);

let found: string[];
let checker: PrecedenceHolds;
let world: World;
beforeEach(() => {
  found = [];
  world = new World(1, { replicas: 1, admins: 1 });
  checker = new PrecedenceHolds(world, ({ detail }) => void found.push(detail));
  commit(2, OVERRIDE);
});

function commit(version: number, row: Override | null): void {
  const key = KEY.replace('ptt:ff:override:', '');
  const line = { line: version, table: 'override', at: 0, version, records: [], messages: [] };
  world.ledger.committed({
    store: 'ff',
    line: { ...line, changes: [{ key, version, row }] },
    at: version,
    isFound: false,
  });
}

function read(version: number, value: HeldOverride | null, key = KEY): void {
  const told: Omit<InputRead, 'version' | 'value' | 'key'> = {
    replica: 'ff-1',
    namespace: 'override',
    cache: 'hit',
    isInProcess: true,
    askedAt: 9,
    beganAt: 9,
    endedAt: 9,
  };
  checker.read({ ...told, key, version, value });
}

describe('I9, of what is read', () => {
  it('takes what was committed under its version, as often as it is read', () => {
    const copy = heldOverride({ ...OVERRIDE });
    read(2, copy);
    read(2, copy);
    commit(3, null);
    read(3, null);
    read(0, null, `${KEY}.other`);
    expect([found, checker.checks]).toEqual([[], 4]);
  });

  it.each([
    ['without its end', 2, heldOverride({ ...OVERRIDE, expires_at: null })],
    ['with another end than its row’s', 2, { override: OVERRIDE, endsAt: Infinity }],
    ['with another variant', 2, heldOverride({ ...OVERRIDE, variant: 'off' })],
    ['under a version that there is not', 3, heldOverride({ ...OVERRIDE, version: 3 })],
    ['as gone', 2, null],
    ['as never there', 1, null],
  ])('finds an override that is read %s', (_what, version, value) => {
    read(version, value);
    expect(found).toEqual([expect.stringContaining(`version ${version} was read as`)]);
  });

  it('finds one that was right under its version, and is read under the next', () => {
    const kept = heldOverride({ ...OVERRIDE });
    read(2, kept);
    commit(3, { ...OVERRIDE, variant: 'off', version: 3 });
    read(3, kept);
    expect(found).toHaveLength(1);
  });
});
