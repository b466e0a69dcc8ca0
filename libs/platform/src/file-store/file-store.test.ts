import { describe, expect, it } from '@jest/globals';
import { type Origin, unchanged } from '#libs/kernel';
import type { StoreNotice } from './index.ts';
import { all, checkChain, entryOf, NoteMachine, NOTES, notesOf, put, TAGS, WRITER } from './testing/notes.ts';

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

describe('listeners', () => {
  it('hear of a line once it is safe, in order, before its caller is answered', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    const heard: unknown[] = [];
    const rows = store.rows(NOTES);
    rows.onChange((change, line) =>
      heard.push(['row', line.line, change.key, change.row?.text, rows.get(change.key)?.text]),
    );
    store.onCommit((line) => heard.push(['line', line.line, line.records.length]));
    await Promise.all([
      put(store, 'a', 'one').then(() => heard.push('answered a')),
      put(store, 'a', null).then(() => heard.push('answered b')),
      put(store, 'a', 'tag', TAGS).then(() => heard.push('answered c')),
    ]);
    expect(heard).toEqual([
      ['row', 1, 'a', 'one', 'one'],
      ['line', 1, 1],
      ['row', 2, 'a', undefined, undefined],
      ['line', 2, 1],
      ['line', 3, 1],
      'answered a',
      'answered b',
      'answered c',
    ]);
    await store.close();
  });

  it('that throw are reported, and the others are called', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    const heard: number[] = [];
    const fault = new Error('listener');
    store.rows(NOTES).onChange(() => {
      throw fault;
    });
    store.onCommit(() => {
      throw fault;
    });
    const end = store.onCommit(({ line }) => heard.push(line));
    await put(store, 'a', 'one');
    end();
    await put(store, 'a', 'two');
    expect(heard).toEqual([1]);
    const noticeOf = (line: number): StoreNotice => ({
      kind: 'listener_failed',
      folder: machine.folder,
      line,
      cause: fault,
    });
    expect(machine.notices).toEqual([1, 1, 2, 2].map(noticeOf));
    await store.close();
  });
});

describe('a store', () => {
  it('takes the actor and the trace of a change into its records', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    const origin: Origin = { ...WRITER, actor: { ...WRITER.actor, id: 'Ada' } };
    await store.commit(NOTES, origin, () => ({ ...unchanged(null), records: [entryOf('a')] }));
    expect((await all(store.lines()))[0]?.records[0]?.event).toMatchObject({ actor: 'Ada', action: 'note.put' });
    await store.close();
  });

  it('refuses tables that share a name, and one that is not its own', async () => {
    const machine = new NoteMachine();
    const twin = { ...NOTES };
    await expect(machine.open({ tables: [twin] })).rejects.toThrow('two tables are named notes');
    const store = await machine.open();
    expect(() => store.rows(twin)).toThrow('notes is not a table of this store');
    await store.close();
  });

  it('when closed, writes what is left, gives the folder back, and refuses changes', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    const last = put(store, 'a', 'last');
    const closed = store.close();
    await expect(put(store, 'b', 'too late')).rejects.toMatchObject({ code: 'store_unavailable' });
    await Promise.all([last, closed, store.close()]);
    expect(store.isWritable).toBe(false);
    expect(await machine.disk.list(machine.folder)).toEqual(['journal.log', 'notes.json', 'tags.json']);
    expect(machine.document('notes.json')).toMatchObject({ notes: [{ key: 'a', version: 1, text: 'last' }] });
  });
});
