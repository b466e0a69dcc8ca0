import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { NodeDisk, NodeProcesses } from '../disk/index.ts';
import { NodeClock, NodeIds, NodeScheduler } from '../time/index.ts';
import { checkChain, NoteMachine, notesOf, put } from './testing/notes.ts';

const root = mkdtempSync(join(tmpdir(), 'store-'));
afterAll(() => rmSync(root, { recursive: true }));

const scheduler = new NodeScheduler();
const real = {
  disk: new NodeDisk(),
  processes: new NodeProcesses(),
  clock: new NodeClock(),
  scheduler,
  ids: new NodeIds(),
};

describe('on the machine’s own disk, a store', () => {
  it('keeps changes of many callers, takes edits up, and holds its folder', async () => {
    const folder = join(root, 'deep', 'ff');
    const machine = new NoteMachine();
    const store = await machine.open({ ...real, folder });
    await expect(machine.open({ ...real, folder })).rejects.toMatchObject({
      code: 'folder_locked',
      extensions: { pid: process.pid, folder },
    });
    await Promise.all(Array.from({ length: 50 }, (_, index) => put(store, `key-${index % 7}`, `text ${index}`)));
    await store.close();

    const file = join(folder, 'notes.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('text 49', 'edited'));
    const again = await machine.open({ ...real, folder });
    expect(notesOf(again)).toMatchObject({ 'key-0': 'edited', 'key-6': 'text 48' });
    expect(again.look()).toBeUndefined();
    expect(await checkChain(again)).toBe(51);
    await again.close();
    expect(machine.notices.map(({ kind }) => kind)).toEqual(['edit_adopted']);
  });

  it('waits for a file that is only half written', async () => {
    const folder = join(root, 'half');
    const machine = new NoteMachine();
    const store = await machine.open({ ...real, folder });
    await put(store, 'a', 'one');
    // Closing writes the snapshot: an edit of one that does not show the change yet would lose to the change.
    await store.close();
    const again = await machine.open({ ...real, folder });
    writeFileSync(join(folder, 'notes.json'), '{ "notes": [');
    const looking = again.look();
    writeFileSync(join(folder, 'notes.json'), '{ "notes": [{ "key": "a", "text": "whole" }] }');
    await looking;
    expect(notesOf(again)).toEqual({ a: 'whole' });
    await again.close();
  });
});
