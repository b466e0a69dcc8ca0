import { describe, expect, it } from '@jest/globals';
import { checkChain, NoteMachine, NOTES, notesOf, put } from './testing/notes.ts';

describe('a file store', () => {
  it('has what was committed, now and after a restart', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    expect(store.line).toBe(0);
    expect(await put(store, 'a', 'one')).toBe(1);
    expect(await put(store, 'b', 'two')).toBe(2);
    expect(await put(store, 'a', null)).toBe(3);
    expect(notesOf(store)).toEqual({ b: 'two' });
    await store.close();

    const again = await machine.open();
    expect(notesOf(again)).toEqual({ b: 'two' });
    expect(again.rows(NOTES).versionOf('a')).toBe(3);
    expect(await put(again, 'a', 'three')).toBe(4);
    expect(await checkChain(again)).toBe(4);
    await again.close();
    expect(machine.notices).toEqual([]);
  });
});
