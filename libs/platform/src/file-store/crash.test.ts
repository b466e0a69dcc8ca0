import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { FakeDisk } from '../testing/index.ts';
import { type Event, NoteHistory } from './testing/note-history.ts';

const keys = fc.array(fc.nat(11), { minLength: 1, maxLength: 6 });
const acts = fc.integer({ min: 1, max: 24 });
const edit = fc.record({ put: fc.nat(3), drop: fc.nat(3) });
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), keys }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('crash' as const), keys, acts }) },
  fc.record({ kind: fc.constant('kill' as const), keys, acts }),
  fc.record({ kind: fc.constant('fail' as const), keys, act: fc.constantFrom('append' as const, 'sync' as const) }),
  fc.record({ kind: fc.constant('close' as const) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      edit,
      copy: fc.constantFrom('old' as const, 'new' as const, 'bare' as const),
    }),
  },
  fc.record({
    kind: fc.constant('editAtRest' as const),
    edit,
    how: fc.constantFrom('close' as const, 'crash' as const),
  }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(10, 100, 1_000) }),
);

/** A store lives through many histories; `plant` breaks its disk first. */
const lives = (numRuns: number, plant?: (disk: FakeDisk) => void): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.array(event, { maxLength: 12 }), (seed, events) =>
      new NoteHistory(seed, plant).run(events),
    ),
    { numRuns, endOnFailure: true, includeErrorInReport: true },
  );

describe('after crashes, kills, failing disks and edits', () => {
  it('every acknowledged change is there, with its one envelope, and nothing else', async () => {
    await expect(lives(150)).resolves.toBeUndefined();
  });

  it.each<[string, (disk: FakeDisk) => void]>([
    ['a missing fsync of the journal', (disk) => void (disk.ignores = { files: /journal\.log$/ })],
    ['a missing fsync of a snapshot', (disk) => void (disk.ignores = { files: /\.json\.tmp$/ })],
    ['a missing fsync of the folder', (disk) => void (disk.ignores = { folders: /./ })],
  ])('%s is found by the same check', async (_name, plant) => {
    await expect(lives(400, plant)).rejects.toThrow('Property failed');
  });
});
