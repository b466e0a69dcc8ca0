import { describe, expect, it } from '@jest/globals';
import { FILE, forkOf, opened } from './testing/edits.ts';
import { NoteMachine, notesOf, put } from './testing/notes.ts';

/** The snapshot of a folder that began later than that of a new machine, with these notes. */
async function elsewhere(...keys: readonly string[]): Promise<string> {
  const other = new NoteMachine();
  other.clock.step(1);
  await other.writeFrames(keys);
  return other.disk.text(FILE) ?? '';
}

/** What a copy of the folder writes when it goes its own way. */
async function forked(machine: NoteMachine, key: string): Promise<string> {
  const fork = await forkOf(machine);
  const store = await fork.open();
  await put(store, key, key);
  await store.close();
  return fork.disk.text(FILE) ?? '';
}

describe('a whole snapshot of another folder', () => {
  it.each([
    ['fewer lines', ['z']],
    ['more lines', ['w', 'x', 'y', 'z']],
  ])('that has %s is somebody’s edit like any other', async (_what, keys) => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    machine.disk.edit(FILE, await elsewhere(...keys));
    await store.look();
    expect(notesOf(store)).toEqual(Object.fromEntries(keys.map((key) => [key, key])));
    expect(machine.notices).toMatchObject([{ kind: 'edit_adopted', line: 3, changes: 2 + keys.length }]);
    await store.close();
    expect(notesOf(await machine.open())).toEqual(Object.fromEntries(keys.map((key) => [key, key])));
  });

  it('is one at start too', async () => {
    const machine = new NoteMachine();
    await (await opened(machine)).close();
    machine.disk.edit(FILE, await elsewhere('z'));
    const store = await machine.open();
    expect(notesOf(store)).toEqual({ z: 'z' });
    expect(machine.notices).toMatchObject([{ kind: 'edit_adopted', line: 3 }]);
    await store.close();
  });

  it('and edited on top says nothing of this journal either', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    machine.disk.edit(FILE, (await elsewhere('w', 'x', 'y', 'z')).replace('"text": "z"', '"text": "mine"'));
    await store.look();
    expect(notesOf(store)).toEqual({ w: 'w', x: 'x', y: 'y', z: 'mine' });
    await store.close();
  });

  it('leaves alone what was committed after the snapshot last written, even after a crash', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    const text = await elsewhere('z');
    machine.disk.edit(FILE, text);
    await store.look();
    await put(store, 'c', 'later');
    machine.crash();
    const again = await machine.open();
    expect(notesOf(again)).toEqual({ z: 'z', c: 'later' });
    await again.close();
  });
});

describe('a whole snapshot of this journal, at a place that it never had,', () => {
  it.each([
    ['beyond its end', 0],
    ['where it went on otherwise', 2],
  ])('%s is set aside', async (_what, more) => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    const text = await forked(machine, 'z');
    for (let change = 0; change < more; change += 1) await put(store, 'c', `text ${change}`);
    await machine.clock.advance(1_000);
    const before = notesOf(store);
    machine.disk.edit(FILE, text);
    await store.look();
    await machine.clock.advance(1_000);
    expect(notesOf(store)).toEqual(before);
    expect(machine.notices).toMatchObject([{ kind: 'edit_rejected', faults: [{ pointer: '/journal' }] }]);
    expect(machine.disk.text(machine.path('notes.json.rejected-1'))).toBe(text);
    await store.close();
  });
});
