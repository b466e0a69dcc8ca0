import { describe, expect, it } from '@jest/globals';
import { World } from '../run/world.ts';
import type { InputRead } from '../watch/seen.ts';
import { TakesEffect } from './i07-takes-effect.ts';

const KEY = 'ptt:ff:flag:ff.a';
const READ = {
  replica: 'ff-1',
  namespace: 'flag',
  key: KEY,
  version: 1,
  value: null,
  cache: 'miss',
  isInProcess: false,
  askedAt: 0,
  beganAt: 0,
  endedAt: 0,
} as const satisfies InputRead;

/** What is said of a read of version 1 that began then, of a replica that was cut off from 1,000 to 3,000. */
function said(beganAt: number): readonly string[] {
  const world = new World(1, { replicas: 1, admins: 1 });
  const details: string[] = [];
  const checker = new TakesEffect(world, ({ detail }) => void details.push(detail));
  const line = { line: 1, table: 'flag', at: 0, version: 2, records: [], messages: [] };
  const changes = [{ key: 'ff.a', version: 2, row: {} }];
  world.ledger.committed({ store: 'ff', line: { ...line, changes }, at: 900, isFound: false });
  world.disturbances.begin('bus-cut', ['ff-1'], 0)(1_000_000);
  checker.lived({ name: 'ff-1', what: 'cut', at: 1_000 });
  checker.tier({ act: 'announced', message: { key: KEY, version: 2, event_id: 'e' }, replica: 'ff-2', at: 1_500 });
  checker.lived({ name: 'ff-1', what: 'restored', at: 3_000 });
  details.length = 0;
  checker.read({ ...READ, beganAt, endedAt: 3_100 });
  return details;
}

describe('a read of a replica that was cut off', () => {
  it('may be of what was before, where it began before the replica was told again', () => {
    expect(said(1_900)).toEqual([]);
    expect(said(3_200)).toEqual([]);
  });

  it('may not be, where it began after', () => {
    expect(said(3_251)).toEqual(['version 1 was served, and version 2 announced long before']);
  });
});

describe('a message that was announced', () => {
  const message = { key: KEY, version: 2, event_id: 'e' };

  /** What is said when it is heard so late, by a replica to which the network was slow in that time. */
  async function saidOf(lateMs: number, slow: string | null): Promise<readonly string[]> {
    const world = new World(1, { replicas: 2, admins: 1 });
    const details: string[] = [];
    const checker = new TakesEffect(world, ({ detail }) => void details.push(detail));
    const line = { line: 1, table: 'flag', at: 0, version: 2, records: [] };
    const changes = [{ key: 'ff.a', version: 2, row: {} }];
    const messages = [{ channel: 'ptt.ff.invalidate', payload: message } as const];
    world.ledger.committed({ store: 'ff', line: { ...line, changes, messages }, at: 0, isFound: false });
    checker.committed({ store: 'ff', line: { ...line, changes, messages }, at: 0, isFound: false });
    checker.lived({ name: 'ff-1', what: 'up', at: 0 });
    if (slow !== null) world.disturbances.begin('slow-network', [slow], 0)(1);
    checker.tier({ act: 'announced', message, replica: 'ff-2', at: 0 });
    await world.time.runUntil(lateMs, () => false);
    checker.heard({ replica: 'ff-1', message, at: lateMs });
    checker.read({ ...READ, version: 2, beganAt: lateMs });
    return details;
  }

  it('is heard within 250 ms, but for a slow network to that replica', async () => {
    const late = ['event e was heard long after it was announced'];
    await expect(saidOf(250, null)).resolves.toEqual([]);
    await expect(saidOf(251, null)).resolves.toEqual(late);
    await expect(saidOf(1_000, 'ff-1')).resolves.toEqual([]);
    await expect(saidOf(1_000, 'ff-2')).resolves.toEqual(late);
  });
});
