import { describe, expect, it } from '@jest/globals';
import { unchanged } from '#libs/kernel';
import { all, checkChain, entryOf, NoteMachine, NOTES, notesOf, put, TAGS, WRITER } from './testing/notes.ts';

const sizeOf = (machine: NoteMachine): number => Number(machine.disk.stat(machine.path('journal.log'))?.size ?? 0n);

describe('the journal', () => {
  it('holds a change whole: row, version, chained record and message', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    const payload = { event_id: 'x' };
    await store.commit(NOTES, WRITER, (_rows, tx) => {
      const version = tx.nextVersion();
      const row = { key: 'a', version, text: `by ${tx.newId()}` };
      return {
        answer: null,
        changes: [{ key: 'a', version, row }],
        records: [entryOf('a')],
        messages: [{ channel: 'ptt.ff.invalidate', payload }],
      };
    });
    const [line] = await all(store.lines());
    expect(line).toMatchObject({
      line: 1,
      at: machine.clock.now(),
      table: 'notes',
      version: 1,
      changes: [{ key: 'a', version: 1, row: { key: 'a', version: 1 } }],
      records: [{ sequence: 1, prev_hash: '0'.repeat(64), sink_status: 'deferred', event: { target: 'a' } }],
      messages: [{ channel: 'ptt.ff.invalidate', payload }],
    });
    await store.close();
  });

  it('writes nothing for a decision with nothing in it', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'one');
    const size = sizeOf(machine);
    expect(await store.commit(NOTES, WRITER, () => unchanged('as it was'))).toBe('as it was');
    expect(await put(store, 'a', 'one')).toBe(1);
    expect(sizeOf(machine)).toBe(size);
    expect(store.line).toBe(1);
    await store.close();
  });

  it('writes a record or a message that comes without a row', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await store.commit(NOTES, WRITER, () => ({ ...unchanged(null), records: [entryOf('a', 'note.refused')] }));
    await store.commit(NOTES, WRITER, () => ({
      ...unchanged(null),
      messages: [{ channel: 'approval_ttl_refresh' as const, payload: {} }],
    }));
    expect((await all(store.lines())).map(({ records, messages }) => [records.length, messages.length])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    await store.close();
    const again = await machine.open();
    await put(again, 'a', 'chained on');
    expect(await checkChain(again)).toBe(2);
    await again.close();
  });

  it('writes nothing for a decision that throws, and never gives its version again', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    const refusal = new Error('no');
    const refused = store.commit(NOTES, WRITER, (_rows, tx) => {
      tx.nextVersion();
      throw refusal;
    });
    await expect(refused).rejects.toBe(refusal);
    expect(sizeOf(machine)).toBe(0);
    expect(await put(store, 'a', 'one')).toBe(2);
    await store.close();
  });

  it('refuses a change without a version of its transaction, and goes on as if nothing had been', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'one');
    const forge = (version: number): Promise<null> =>
      store.commit(NOTES, WRITER, (_rows, tx) => {
        tx.nextVersion();
        return { ...unchanged(null), changes: [{ key: 'a', version, row: { key: 'a', version, text: 'forged' } }] };
      });
    await expect(forge(1)).rejects.toThrow('a version of this transaction');
    await expect(forge(4)).rejects.toThrow('a version of this transaction');
    const twice = store.commit(NOTES, WRITER, (_rows, tx) => {
      const change = (version: number) => ({ key: 'a', version, row: { key: 'a', version, text: 'twice' } });
      return { ...unchanged(null), changes: [change(tx.nextVersion()), change(tx.nextVersion())] };
    });
    await expect(twice).rejects.toThrow('changes a row once');
    expect(notesOf(store)).toEqual({ a: 'one' });
    expect(await put(store, 'a', 'two')).toBe(6);
    expect(await checkChain(store)).toBe(2);
    await store.close();
  });

  it('ends a transaction with its decision, and takes no decision within another', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    const kept = await store.commit(NOTES, WRITER, (_rows, tx) => unchanged(tx));
    expect(() => kept.nextVersion()).toThrow('ends with its decision');
    const nested = store.commit(NOTES, WRITER, () => {
      void put(store, 'a', 'inner').catch(() => undefined);
      return unchanged(null);
    });
    await nested;
    expect(notesOf(store)).toEqual({});
    await store.close();
  });

  it('gives a decision one instant, that of its turn', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    machine.clock.step(5_000);
    const at = await store.commit(NOTES, WRITER, (_rows, tx) => {
      machine.clock.step(1);
      return unchanged(tx.at);
    });
    expect(at).toBe(machine.clock.now() - 1);
    await store.close();
  });

  it('shows a decision the changes that wait before it, in every table, and readers only what is safe', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'old', 'gone soon');
    const seen: unknown[] = [];
    const changes = [
      put(store, 'a', 'waiting'),
      put(store, 'old', null),
      store.commit(TAGS, WRITER, (_tags, tx) => {
        const notes = tx.rows(NOTES);
        seen.push(notes.get('a')?.text, notes.get('old'), notes.versionOf('a'), notes.versionOf('old'), notes.size);
        seen.push([...notes.values()].map(({ key }) => key));
        return unchanged(null);
      }),
    ];
    expect(seen).toEqual(['waiting', undefined, 2, 3, 1, ['a']]);
    expect(notesOf(store)).toEqual({ old: 'gone soon' });
    expect(store.rows(NOTES).versionOf('old')).toBe(1);
    await Promise.all(changes);
    expect(notesOf(store)).toEqual({ a: 'waiting' });
    expect(store.rows(NOTES).versionOf('old')).toBe(3);
    await store.close();
  });

  it('lets one of two pass that expect the same version', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'one');
    const ifVersionIs = (expected: number, text: string): Promise<string> =>
      store.commit(NOTES, WRITER, (rows, tx) => {
        if (rows.versionOf('a') !== expected) return unchanged('refused');
        const version = tx.nextVersion();
        return { ...unchanged('passed'), changes: [{ key: 'a', version, row: { key: 'a', version, text } }] };
      });
    expect(await Promise.all([ifVersionIs(1, 'two'), ifVersionIs(1, 'three')])).toEqual(['passed', 'refused']);
    expect(notesOf(store)).toEqual({ a: 'two' });
    await store.close();
  });

  it('tells nobody of a waiting change before it is safe: not by "unchanged", not by a refusal', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    machine.disk.fail('sync', /journal\.log$/);
    const answers = await Promise.allSettled([
      put(store, 'a', 'lost'),
      put(store, 'a', 'lost'),
      store.commit(NOTES, WRITER, () => {
        throw new Error('refused because of what is waiting');
      }),
    ]);
    expect(answers).toMatchObject(Array.from({ length: 3 }, () => ({ reason: { code: 'store_unavailable' } })));
  });

  it('gives its lines from any number on, those that are safe when asked', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    expect(await all(store.lines())).toEqual([]);
    await Promise.all(['a', 'b', 'c'].map((key) => put(store, key, key)));
    await put(store, 'd', 'd');
    for (const from of [1, 2, 3, 4, 5]) {
      const numbers = (await all(store.lines(from))).map(({ line }) => line);
      expect(numbers).toEqual([1, 2, 3, 4].filter((line) => line >= from));
    }
    const iterator = store.lines()[Symbol.asyncIterator]();
    await put(store, 'e', 'e');
    const rest = await all({ [Symbol.asyncIterator]: () => iterator });
    expect(rest).toHaveLength(4);
    await store.close();
  });
});
