import { describe, expect, it } from '@jest/globals';
import { unchanged } from '#libs/kernel';
import type { DiskReader } from '../disk/index.ts';
import { FakeDisk } from '../testing/index.ts';
import { FileStore } from './index.ts';
import { all, MARKS, NoteMachine, NOTES, notesOf, put, WRITER } from './testing/notes.ts';

const JOURNAL = '/data/ff/journal.log';

/** Something happens after a file was read and before it is closed. */
class LateDisk extends FakeDisk {
  beforeClose: () => Promise<void> = () => Promise.resolve();

  override async openRead(path: string): Promise<DiskReader | null> {
    const file = await super.openRead(path);
    if (file === null) return null;
    return {
      read: (offset, length) => file.read(offset, length),
      close: async () => {
        await this.beforeClose();
        await file.close();
      },
    };
  }
}

describe('a reader', () => {
  it('needs no lock, follows the journal at each look, and tells its listeners', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'one');
    const reader = await machine.openReader();
    const heard: unknown[] = [];
    reader.rows(NOTES).onChange((change, { line }) => heard.push([line, change.key, change.row?.text]));
    expect(notesOf(reader)).toEqual({ a: 'one' });
    await put(store, 'a', null);
    await put(store, 'b', 'two');
    expect(notesOf(reader)).toEqual({ a: 'one' });
    const looking = reader.look();
    const joined = reader.look();
    expect(reader.look()).toBe(joined);
    await looking;
    expect(notesOf(reader)).toEqual({ b: 'two' });
    expect(reader.rows(NOTES).versionOf('a')).toBe(2);
    expect(heard).toEqual([
      [2, 'a', undefined],
      [3, 'b', 'two'],
    ]);
    expect(reader.line).toBe(3);
    expect(reader.look()).toBeUndefined();
    await put(store, 'c', 'three');
    await reader.lookTogether();
    expect(notesOf(reader)).toEqual({ b: 'two', c: 'three' });
    await put(store, 'c', null);
    await reader.look();
    expect(await all(reader.lines(4))).toHaveLength(2);
    await reader.close();
    await store.close();
  });

  it('that asks while a look is under way sees what was written before it asked', async () => {
    const disk = new LateDisk();
    const machine = new NoteMachine(disk);
    const store = await machine.open();
    const reader = await machine.openReader();
    await put(store, 'a', 'one');
    let joined: Promise<void> | undefined;
    disk.beforeClose = async () => {
      disk.beforeClose = () => Promise.resolve();
      await put(store, 'b', 'two');
      joined = reader.look();
    };
    await reader.look();
    await joined;
    expect(notesOf(reader)).toEqual({ a: 'one', b: 'two' });
    expect(reader.look()).toBeUndefined();
    await store.close();
  });

  it('looks again for who asked while a look failed', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a', 'b']);
    const reader = await machine.openReader();
    const whole = machine.disk.text(JOURNAL) ?? '';
    machine.disk.edit(JOURNAL, '');
    const looking = reader.look();
    const joined = reader.look();
    machine.disk.edit(JOURNAL, whole);
    await expect(looking).rejects.toMatchObject({ code: 'journal_damaged' });
    await joined;
    expect(notesOf(reader)).toEqual({ a: 'a', b: 'b' });
  });

  it('writes nothing, and changes nothing', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a']);
    machine.disk.damage(JOURNAL, (bytes) => new Uint8Array([...bytes, 35]));
    await machine.removeSnapshots();
    const acts = machine.disk.acts;
    const reader = await machine.openReader();
    await reader.look();
    expect(reader.isWritable).toBe(false);
    await expect(reader.commit(NOTES, WRITER, () => unchanged(null))).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    await reader.close();
    expect(machine.disk.acts).toBe(acts);
    expect(await machine.disk.list(machine.folder)).toEqual(['journal.log']);
    expect(machine.notices).toEqual([]);
  });

  it('passes an incomplete last frame over until it is whole', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a', 'b']);
    const whole = machine.disk.text(JOURNAL) ?? '';
    const second = machine.frames()[1] ?? 0;
    machine.disk.edit(JOURNAL, whole.slice(0, second + 80));
    const reader = await machine.openReader();
    expect(reader.torn).toEqual({ offset: second, bytes: 80 });
    await reader.look();
    expect(notesOf(reader)).toEqual({ a: 'a' });
    machine.disk.edit(JOURNAL, whole.slice(0, second + 200));
    await reader.look();
    expect(notesOf(reader)).toEqual({ a: 'a' });
    expect(reader.look()).toBeUndefined();
    machine.disk.edit(JOURNAL, whole);
    await reader.look();
    expect(notesOf(reader)).toEqual({ a: 'a', b: 'b' });
  });

  it('starts before there is a journal, and in a folder that is not there', async () => {
    const machine = new NoteMachine();
    const reader = await machine.openReader();
    expect(reader.look()).toBeUndefined();
    expect([reader.line, reader.torn]).toEqual([0, null]);
    const store = await machine.open();
    await put(store, 'a', 'one');
    await reader.look();
    expect(notesOf(reader)).toEqual({ a: 'one' });
    await store.close();
  });

  it('passes tables over that it does not know', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'one');
    await put(store, 'a', 'mark', MARKS);
    const reader = await FileStore.openReader({
      folder: machine.folder,
      disk: machine.disk,
      tables: [MARKS],
      report: () => undefined,
    });
    await put(store, 'b', 'two');
    await put(store, 'b', 'mark', MARKS);
    await reader.look();
    expect(notesOf(reader, MARKS)).toEqual({ a: 'mark', b: 'mark' });
    expect(reader.line).toBe(4);
    await store.close();
  });

  it('refuses a damaged journal, and one that has become shorter than what it read', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a', 'b']);
    const reader = await machine.openReader();
    const whole = machine.disk.text(JOURNAL) ?? '';
    machine.disk.edit(JOURNAL, whole.slice(0, machine.frames()[1]));
    await expect(reader.look()).rejects.toMatchObject({ code: 'journal_damaged' });
    machine.disk.edit(JOURNAL, whole.replace('#frame', '#fraem'));
    await expect(machine.openReader()).rejects.toMatchObject({ code: 'journal_damaged' });
  });
});
