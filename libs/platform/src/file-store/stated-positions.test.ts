import { describe, expect, it } from '@jest/globals';
import { statedPositions } from './index.ts';
import { NoteMachine, NOTES, put, snapshotOf, TAGS } from './testing/notes.ts';

const SNAPSHOTS = [snapshotOf(NOTES), snapshotOf(TAGS)];

describe('the positions that snapshots state', () => {
  it('are where the journal was when each was written', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'one');
    await put(store, 'b', 'two', TAGS);
    await store.close();
    const [notes, tags] = await statedPositions(machine.folder, SNAPSHOTS, machine.disk);
    expect(notes).toMatchObject({ line: expect.any(Number), chain: { sequence: notes?.line } });
    expect(tags).toMatchObject({
      line: 2,
      version: 2,
      chain: { sequence: 2, hash: expect.stringMatching(/^\w{64}$/) },
    });
  });

  it('are none where files are missing, say nothing or are no JSON', async () => {
    const machine = new NoteMachine();
    await machine.disk.mkdir(machine.folder);
    expect(await statedPositions(machine.folder, SNAPSHOTS, machine.disk)).toEqual([]);
    machine.disk.edit(machine.path('notes.json'), '{"notes": [], "journal": {"line": "1"}}');
    machine.disk.edit(machine.path('tags.json'), '{"tags": [');
    expect(await statedPositions(machine.folder, SNAPSHOTS, machine.disk)).toEqual([]);
    machine.disk.edit(machine.path('tags.json'), '[]');
    expect(await statedPositions(machine.folder, SNAPSHOTS, machine.disk)).toEqual([]);
  });
});
