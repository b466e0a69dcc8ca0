import { describe, expect, it } from '@jest/globals';
import type { JournalLine } from '#libs/platform';
import { Ledger } from './ledger.ts';
import type { Witness } from './seen.ts';
import { Watch } from './watch.ts';

const LIVED = { name: 'ff-1', what: 'up', at: 1 } as const;

describe('what happens in a world', () => {
  it('is told to all who look at it, in the order in which they came, and to nobody else', () => {
    const told: string[] = [];
    const witness = (name: string, ...kinds: ('lived' | 'lost')[]): Witness =>
      Object.fromEntries(kinds.map((kind) => [kind, () => void told.push(`${name} ${kind}`)]));
    const watch = new Watch();
    for (const one of [witness('a', 'lived', 'lost'), witness('b', 'lost'), witness('c', 'lived')]) watch.add(one);
    watch.lived(LIVED);
    watch.lost({ store: 'ff', detail: 'all' });
    expect(told).toEqual(['a lived', 'c lived', 'a lost', 'b lost']);
  });
});

describe('the ledger', () => {
  const line = (changes: JournalLine['changes'], table = 'flag'): JournalLine => ({
    line: 1,
    table,
    at: 0,
    version: 1,
    changes,
    records: [],
    messages: [],
  });

  it('knows which version of a key was the newest at any time, and until when', () => {
    const ledger = new Ledger();
    for (const [version, at] of [
      [1, 10],
      [2, 20],
      [5, 30],
    ] as const) {
      ledger.committed({ store: 'ff', line: line([{ key: 'ff.a', version, row: {} }]), at, isFound: false });
    }
    const key = 'ptt:ff:flag:ff.a';
    expect([9, 10, 19, 20, 99].map((at) => ledger.versionAt(key, at))).toEqual([0, 1, 1, 2, 5]);
    expect([0, 1, 2, 4, 5].map((version) => ledger.supersededAt(key, version))).toEqual([10, 20, 30, 30, Infinity]);
    expect([ledger.commits, ledger.history('ptt:ff:flag:ff.b')]).toEqual([3, []]);
  });

  it('counts the lines that change something, and keeps the others too', () => {
    const ledger = new Ledger();
    const changes = [{ key: 'ff.a', version: 1, row: {} }];
    for (const one of [changes, [], [...changes, ...changes]]) {
      ledger.committed({ store: 'ff', line: line(one), at: 1, isFound: false });
    }
    expect([ledger.commits, ledger.lines('ff').length]).toEqual([2, 3]);
  });
});
