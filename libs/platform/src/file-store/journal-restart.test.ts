import { describe, expect, it } from '@jest/globals';
import { isJsonObject } from '#libs/kernel';
import { checkChain, MARKS, NoteMachine, NOTES, notesOf, put, TAGS } from './testing/notes.ts';

describe('the journal', () => {
  it('takes up versions, lines and the chain where they were', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a', 'b']);
    const store = await machine.open();
    expect(store.line).toBe(2);
    expect(await put(store, 'c', 'c')).toBe(3);
    expect(store.line).toBe(3);
    expect(await checkChain(store)).toBe(3);
    await store.close();
  });

  it('never gives a version twice, not even that of a row that is gone', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'one');
    await put(store, 'a', null);
    await store.close();
    for (const withSnapshots of [true, false]) {
      if (!withSnapshots) await machine.removeSnapshots();
      const again = await machine.open();
      expect(again.rows(NOTES).versionOf('a')).toBe(2);
      expect(again.rows(NOTES).get('a')).toBeUndefined();
      await again.close();
    }
    const last = await machine.open();
    expect(await put(last, 'a', 'back')).toBe(3);
    await last.close();
  });

  it('rebuilds everything without the snapshots', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'note');
    await put(store, 'a', 'tag', TAGS);
    await put(store, 'a', 'mark', MARKS);
    await put(store, 'b', 'note');
    await put(store, 'b', null);
    await store.close();
    const snapshot = machine.document('notes.json');
    await machine.removeSnapshots();
    const again = await machine.open();
    expect([notesOf(again), notesOf(again, TAGS), notesOf(again, MARKS)]).toEqual([
      { a: 'note' },
      { a: 'tag' },
      { a: 'mark' },
    ]);
    await again.close();
    expect(machine.document('notes.json')).toMatchObject({
      notes: isJsonObject(snapshot) ? snapshot['notes'] : null,
      journal: { tombstones: [{ key: 'b', version: 5 }] },
    });
  });
});
