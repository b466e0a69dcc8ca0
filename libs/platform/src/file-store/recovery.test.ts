import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { readJournal } from './index.ts';
import { all, MARKS, NoteMachine, notesOf, put } from './testing/notes.ts';

const JOURNAL = '/data/ff/journal.log';

const sizeOf = (machine: NoteMachine): number => Number(machine.disk.stat(JOURNAL)?.size ?? 0n);

describe('at start, the journal', () => {
  it('drops a torn last frame whole, at whatever byte it is torn, and keeps its bytes aside', async () => {
    const source = new NoteMachine();
    await source.writeFrames(['a', 'b']);
    const whole = new TextEncoder().encode(source.disk.text(JOURNAL) ?? '');
    const last = source.frames()[1] ?? 0;
    for (let size = last + 1; size < whole.length; size += 1) {
      const machine = new NoteMachine();
      await machine.disk.mkdir(machine.folder);
      machine.disk.edit(JOURNAL, whole.slice(0, size));
      const store = await machine.open();
      expect(notesOf(store)).toEqual({ a: 'a' });
      expect(store.torn).toEqual({ offset: last, bytes: size - last });
      expect(machine.notices).toEqual([
        {
          kind: 'torn_frame_dropped',
          folder: machine.folder,
          file: 'journal.log',
          offset: last,
          bytes: size - last,
          keptAs: 'journal.log.torn-1',
        },
      ]);
      expect(sizeOf(machine)).toBe(last);
      expect(machine.disk.stat(machine.path('journal.log.torn-1'))?.size).toBe(BigInt(size - last));
      expect(await put(store, 'c', 'goes on')).toBe(2);
      await store.close();
    }
  });

  it('keeps every byte of a torn frame aside, however long it is', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'short');
    // More than what is copied at a time, twice, and no multiple of it.
    await put(store, 'b', 'long'.repeat(600_000));
    await store.close();
    await machine.removeSnapshots();
    const last = machine.frames()[1] ?? 0;
    machine.disk.damage(JOURNAL, (bytes) => bytes.fill(0, bytes.length - 20));
    const cut = (await machine.disk.read(JOURNAL))?.subarray(last) ?? new Uint8Array();
    await (await machine.open()).close();
    expect(machine.notices).toMatchObject([{ kind: 'torn_frame_dropped', bytes: cut.length }]);
    const kept = (await machine.disk.read(machine.path('journal.log.torn-1'))) ?? new Uint8Array();
    expect(kept.length).toBe(cut.length);
    expect(Buffer.compare(kept, cut)).toBe(0);
  });

  it('drops a frame in which a byte went wrong, or that ends in zeros, if it is the last', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a', 'b']);
    const last = machine.frames()[1] ?? 0;
    const size = sizeOf(machine);
    await machine.removeSnapshots();
    machine.disk.damage(JOURNAL, (bytes) => bytes.fill(0, size - 20));
    const store = await machine.open();
    expect(notesOf(store)).toEqual({ a: 'a' });
    expect(machine.notices).toMatchObject([{ kind: 'torn_frame_dropped', offset: last, bytes: size - last }]);
    await store.close();
  });

  it('numbers what it keeps aside', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a']);
    for (const name of ['journal.log.torn-1', 'journal.log.torn-2']) {
      machine.disk.damage(JOURNAL, (bytes) => new Uint8Array([...bytes, 35, 102]));
      await (await machine.open()).close();
      expect(machine.notices).toMatchObject([{ keptAs: name, bytes: 2 }]);
    }
  });

  it('refuses to start on a frame that was damaged before the last one, and says where', async () => {
    const source = new NoteMachine();
    await source.writeFrames(['a', 'b', 'c']);
    const text = source.disk.text(JOURNAL) ?? '';
    const [, second = 0, third = 0] = source.frames();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: third - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const machine = new NoteMachine();
        await machine.disk.mkdir(machine.folder);
        machine.disk.edit(JOURNAL, text);
        machine.disk.damage(JOURNAL, (bytes) => bytes.with(at, (bytes[at] ?? 0) ^ flip));
        const opened = machine.open();
        await expect(opened).rejects.toMatchObject({ code: 'journal_damaged' });
        await expect(opened).rejects.toThrow(`at byte ${at < second ? 0 : second}`);
        expect(await machine.disk.list(machine.folder)).toEqual(['journal.log']);
      }),
      { numRuns: 150 },
    );
  });

  it('refuses to start when the last two frames were damaged: a crash tears one', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a', 'b', 'c']);
    const [, second = 0, third = 0] = machine.frames();
    await machine.removeSnapshots();
    machine.disk.damage(JOURNAL, (bytes) => {
      for (const at of [third - 2, bytes.length - 2]) bytes[at] = 33;
      return bytes;
    });
    await expect(machine.open()).rejects.toMatchObject({
      code: 'journal_damaged',
      message: expect.stringContaining(`at byte ${second}`),
    });
  });

  it('refuses to start where a frame is missing, is there twice, or lost its place', async () => {
    const source = new NoteMachine();
    await source.writeFrames(['a', 'b', 'c']);
    const text = source.disk.text(JOURNAL) ?? '';
    const [, second = 0, third = 0] = source.frames();
    const frames = [text.slice(0, second), text.slice(second, third), text.slice(third)];
    for (const order of [
      [1, 2],
      [0, 2],
      [0, 0, 1],
      [1, 0, 2],
      [0, 1, 1],
    ]) {
      const machine = new NoteMachine();
      await machine.disk.mkdir(machine.folder);
      machine.disk.edit(JOURNAL, order.map((index) => frames[index]).join(''));
      await expect(machine.open()).rejects.toMatchObject({ code: 'journal_damaged' });
    }
  });

  it('refuses to start on a line of a table that it does not know, and on a row that it cannot read', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a']);
    await machine.removeSnapshots();
    await expect(machine.open({ snapshots: [], tables: [MARKS] })).rejects.toMatchObject({ code: 'journal_damaged' });
    const strict = { name: 'notes', parse: () => expectNever() };
    await expect(machine.open({ snapshots: [], tables: [strict] })).rejects.toThrow(
      'the row a of notes cannot be read: never',
    );
  });

  it('is read without a store up to its first damage', async () => {
    const machine = new NoteMachine();
    expect(await all(readJournal(machine.folder, machine.disk))).toEqual([]);
    await machine.writeFrames(['a', 'b', 'c']);
    expect(await all(readJournal(machine.folder, machine.disk))).toHaveLength(3);
    const [, second = 0, third = 0] = machine.frames();
    machine.disk.damage(JOURNAL, (bytes) => bytes.fill(120, third + 100));
    expect(await all(readJournal(machine.folder, machine.disk))).toHaveLength(2);
    machine.disk.damage(JOURNAL, (bytes) => bytes.fill(120, 100, second));
    await expect(all(readJournal(machine.folder, machine.disk))).rejects.toMatchObject({
      code: 'journal_damaged',
    });
  });
});

function expectNever(): never {
  throw new Error('never');
}
