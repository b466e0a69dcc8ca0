import { describe, expect, it } from '@jest/globals';
import { isJsonObject } from '#libs/kernel';
import { edit, FILE, note, opened } from './testing/edits.ts';
import { all, checkChain, NoteMachine, NOTES, notesOf, put } from './testing/notes.ts';

describe('somebody else’s edit', () => {
  it('is journalled as an ordinary change, under its own name, and then served', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    edit(machine, [note('a', 'edited'), note('c', 'new')]);
    expect(notesOf(store)).toEqual({ a: 'one', b: 'two' });
    await store.look();
    expect(notesOf(store)).toEqual({ a: 'edited', c: 'new' });
    expect(['a', 'b', 'c'].map((key) => store.rows(NOTES).versionOf(key))).toEqual([3, 5, 4]);
    const [line] = await all(store.lines(3));
    expect(line?.records.map(({ event }) => event)).toMatchObject(
      ['a', 'c', 'b'].map((target) => ({ actor: 'foreign_edit', action: 'note.edited', target })),
    );
    expect(machine.notices).toEqual([
      { kind: 'edit_adopted', folder: machine.folder, file: 'notes.json', line: 3, changes: 3 },
    ]);
    await machine.clock.advance(1_000);
    expect(machine.document('notes.json')).toMatchObject({
      about: 'All notes.',
      notes: [
        { key: 'a', version: 3 },
        { key: 'c', version: 4 },
      ],
      journal: { line: 3, tombstones: [{ key: 'b', version: 5 }] },
    });
    expect(await checkChain(store)).toBe(5);
    await store.close();
  });

  it('is found at start', async () => {
    const machine = new NoteMachine();
    await (await opened(machine)).close();
    edit(machine, [note('a', 'at rest')]);
    const store = await machine.open();
    expect(notesOf(store)).toEqual({ a: 'at rest' });
    await store.close();
  });

  it('in a folder without a journal fills the store', async () => {
    const machine = new NoteMachine();
    await machine.disk.mkdir(machine.folder);
    machine.disk.edit(FILE, JSON.stringify({ notes: [note('a', 'by hand')] }));
    const store = await machine.open();
    expect(notesOf(store)).toEqual({ a: 'by hand' });
    expect(store.rows(NOTES).get('a')?.version).toBe(1);
    await store.close();
  });

  it('costs nothing to look for while there is none', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    expect(store.look()).toBeUndefined();
    edit(machine, [note('a', 'one')]);
    const looks = [store.look(), store.look()];
    expect(looks[0]).toBe(looks[1]);
    await looks[0];
    expect(store.look()).toBeUndefined();
    await store.close();
  });

  it('is seen by all who ask in one turn, however late in it it was made', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    const asked = store.lookTogether();
    edit(machine, [note('a', 'first')]);
    expect(store.lookTogether()).toBe(asked);
    await asked;
    expect(notesOf(store)).toEqual({ a: 'first' });
    await machine.clock.advance(1_000);
    edit(machine, [note('a', 'second')]);
    await store.lookTogether();
    expect(notesOf(store)).toEqual({ a: 'second' });
    await store.close();
  });

  it('of white space, of the time of the file, or of nothing writes nothing', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    const text = machine.disk.text(FILE) ?? '';
    for (const same of [text, `\uFEFF${JSON.stringify(machine.document('notes.json'), null, 7)}\n\n`]) {
      machine.disk.edit(FILE, same);
      await store.look();
      await machine.clock.advance(1_000);
      expect(machine.disk.text(FILE)).toBe(new TextDecoder().decode(new TextEncoder().encode(same)));
    }
    edit(machine, [note('b', 'two'), note('a', 'one')], { about: 'Mine.' });
    await store.look();
    expect(store.line).toBe(2);
    await store.close();
    expect(machine.notices).toEqual([]);
    const again = await machine.open();
    expect(again.line).toBe(2);
    await again.close();
  });

  it('leaves alone what was changed after its copy was made', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    const copy = machine.document('notes.json');
    await put(store, 'a', 'meanwhile');
    await put(store, 'c', 'meanwhile');
    await put(store, 'b', null);
    await put(store, 'd', 'short');
    await put(store, 'd', null);
    await machine.clock.advance(1_000);
    const journal = isJsonObject(copy) ? (copy['journal'] ?? null) : null;
    edit(machine, [note('a', 'lost'), note('b', 'lost'), note('d', 'lost'), note('e', 'taken')], { journal });
    await store.look();
    expect(notesOf(store)).toEqual({ a: 'meanwhile', c: 'meanwhile', e: 'taken' });
    await store.close();
  });

  it('that is an older snapshot put back changes nothing, which is said, and the newer one is written again', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    const old = machine.disk.text(FILE) ?? '';
    await put(store, 'a', 'newer');
    await machine.clock.advance(1_000);
    machine.disk.edit(FILE, old);
    await store.look();
    expect(store.line).toBe(3);
    expect(machine.notices).toEqual([
      { kind: 'old_snapshot_passed_over', folder: machine.folder, file: 'notes.json', line: 2, newest: 3 },
    ]);
    expect(notesOf(store)).toEqual({ a: 'newer', b: 'two' });
    await machine.clock.advance(1_000);
    expect(machine.document('notes.json')).toMatchObject({ journal: { line: 3 } });
    await store.close();
  });

  it('without the member `journal` counts from the snapshot last written, even after a crash', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    machine.disk.edit(FILE, '{ "notes": [{ "key": "a", "text": "bare" }, { "key": "b", "text": "two" }] }');
    await store.look();
    await put(store, 'c', 'later');
    machine.crash();
    const again = await machine.open();
    expect(notesOf(again)).toEqual({ a: 'bare', b: 'two', c: 'later' });
    expect(again.line).toBe(4);
    await again.close();
  });

  it('is never overwritten unseen', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    await put(store, 'c', 'three');
    edit(machine, [note('a', 'edited'), note('b', 'two')]);
    await machine.clock.advance(2_000);
    expect(notesOf(store)).toEqual({ a: 'edited', b: 'two', c: 'three' });
    expect(machine.document('notes.json')).toMatchObject({ journal: { line: 4 } });
    await store.close();
  });

  it('made while the store cannot write stays, and is taken at the next start', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    machine.disk.fail('sync', /journal\.log$/);
    await expect(put(store, 'c', 'three')).rejects.toMatchObject({ code: 'store_unavailable' });
    edit(machine, [note('a', 'patient')]);
    expect(store.look()).toBeUndefined();
    await store.close();
    const again = await machine.open();
    expect(notesOf(again)).toMatchObject({ a: 'patient' });
    await again.close();
  });

  it('that meets a failing journal is not served', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    machine.disk.fail('append', /journal\.log$/);
    edit(machine, [note('a', 'not yet')]);
    await store.look();
    expect(notesOf(store)).toEqual({ a: 'one', b: 'two' });
    expect(machine.document('notes.json')).toMatchObject({ notes: [{ text: 'not yet' }] });
    await store.close();
  });

  it('that cannot be signed is taken all the same', async () => {
    const machine = new NoteMachine();
    const store = await opened(machine);
    machine.disk.edit(FILE, '{ "notes": [] }');
    machine.disk.fail('create', /signed\.tmp$/);
    await store.look();
    expect(notesOf(store)).toEqual({});
    await store.close();
  });
});
