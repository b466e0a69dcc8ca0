import { describe, expect, it } from '@jest/globals';
import { NoteMachine, NOTES, notesOf, put } from './testing/notes.ts';

async function editedAtRest(): Promise<NoteMachine> {
  const machine = new NoteMachine();
  await machine.writeFrames(['a']);
  const text = machine.disk.text(machine.path('notes.json')) ?? '';
  machine.disk.edit(machine.path('notes.json'), text.replace('"text": "a"', '"text": "at rest"'));
  return machine;
}

describe('an edit that was made while no process ran', () => {
  it('is told to who listens before the first look, and served from then on', async () => {
    const machine = await editedAtRest();
    const store = await machine.openUnseen();
    const heard: unknown[] = [];
    store.onCommit(({ line, records }) => heard.push([line, ...records.map(({ event }) => event['actor'])]));
    await machine.clock.advance(1_000);
    expect([notesOf(store), heard]).toEqual([{ a: 'a' }, []]);
    await store.look();
    expect([notesOf(store), heard]).toEqual([{ a: 'at rest' }, [[2, 'foreign_edit']]]);
    expect(store.look()).toBeUndefined();
    await store.close();
  });

  it('comes before the first change', async () => {
    const store = await (await editedAtRest()).openUnseen();
    const versions: number[] = [];
    store.rows(NOTES).onChange(({ version }) => versions.push(version));
    expect(await Promise.all([put(store, 'a', 'changed'), put(store, 'a', 'again')])).toEqual([3, 4]);
    expect(versions).toEqual([2, 3, 4]);
    await store.close();
  });

  it('stays for the next process where this one ends without a look', async () => {
    const machine = await editedAtRest();
    await (await machine.openUnseen()).close();
    expect(notesOf(await machine.open())).toEqual({ a: 'at rest' });
  });

  it('is no reason to leave missing snapshots unwritten', async () => {
    const machine = await editedAtRest();
    await machine.disk.unlink(machine.path('tags.json'));
    const store = await machine.openUnseen();
    await store.look();
    await machine.clock.advance(1_000);
    expect(machine.document('tags.json')).toMatchObject({ tags: [] });
    await store.close();
  });
});
