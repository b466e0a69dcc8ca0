import { describe, expect, it } from '@jest/globals';
import type { DiskWriter } from '../disk/index.ts';
import { FakeDisk, settle } from '../testing/index.ts';
import { forkOf } from './testing/edits.ts';
import { NoteMachine, notesOf, put, snapshotOf, NOTES, TAGS } from './testing/notes.ts';

const FILE = '/data/ff/notes.json';

describe('a snapshot', () => {
  it('has the rows by key, where the journal was, what is gone, and reads well', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    for (const key of ['b', 'a', 'c']) await put(store, key, `text of ${key}`);
    await put(store, 'c', null);
    await store.close();
    const head = store.line;
    expect(head).toBe(4);
    const size = Number(machine.disk.stat(machine.path('journal.log'))?.size);
    const text = machine.disk.text(FILE) ?? '';
    expect(text).toMatch(
      /^\{\n {2}"about": "All notes\.",\n {2}"notes": \[\n {4}\{\n {6}"key": "a",\n {6}"version": 2,\n {6}"text": "text of a"\n {4}\},\n {4}\{\n {6}"key": "b",\n/,
    );
    expect(text).toMatch(/\n {2}\],\n {2}"journal": \{\n {4}"id": "\w{64}",\n {4}"line": 4,\n[^]*\n {2}\}\n\}\n$/);
    expect(machine.document('notes.json')).toMatchObject({
      notes: [{ key: 'a' }, { key: 'b' }],
      journal: { line: 4, offset: size, version: 4, chain: { sequence: 4 }, tombstones: [{ key: 'c', version: 4 }] },
    });
  });

  it('of an empty store is there at once', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await settle();
    expect(machine.document('notes.json')).toMatchObject({ notes: [], journal: { line: 0, offset: 0, version: 0 } });
    await store.close();
  });

  it('is written at once behind a change of its own table, and not behind that of another', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await settle();
    const tags = machine.disk.text(machine.path('tags.json'));
    await put(store, 'a', 'one');
    await settle();
    expect(machine.document('notes.json')).toMatchObject({ notes: [{ text: 'one' }], journal: { line: 1 } });
    expect(machine.disk.text(machine.path('tags.json'))).toBe(tags);
    await store.close();
  });

  it('is written once for the changes of a pause, and again without a further one', async () => {
    const disk = new HeldDisk();
    const machine = new NoteMachine(disk);
    const store = await machine.open({ snapshots: [snapshotOf(NOTES)] });
    await settle();
    const held = disk.hold();
    const inodes = new Set([disk.stat(FILE)?.ino]);
    for (let change = 0; change < 20; change += 1) {
      await put(store, 'a', `text ${change}`);
      if (change === 9) held.resolve();
      await settle();
      inodes.add(disk.stat(FILE)?.ino);
    }
    expect(inodes.size).toBe(2);
    await machine.clock.advance(1_000);
    inodes.add(disk.stat(FILE)?.ino);
    expect(inodes.size).toBe(3);
    expect(machine.document('notes.json')).toMatchObject({ notes: [{ text: 'text 19' }] });
    await store.close();
  });

  it('waits 100 ms between two rounds under load', async () => {
    const disk = new HeldDisk();
    const machine = new NoteMachine(disk);
    const store = await machine.open({ snapshots: [snapshotOf(NOTES)] });
    await settle();
    // The second change comes while the first one's snapshot is being written.
    const held = disk.hold();
    await put(store, 'a', 'one');
    await put(store, 'a', 'two');
    held.resolve();
    await machine.clock.advance(99);
    expect(machine.document('notes.json')).toMatchObject({ notes: [{ text: 'one' }] });
    await machine.clock.advance(1);
    expect(machine.document('notes.json')).toMatchObject({ notes: [{ text: 'two' }] });
    expect(machine.clock.waiting).toBe(0);
    await store.close();
  });

  it('that cannot be written is reported and tried again, and changes go on', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await settle();
    machine.disk.fail('sync', /notes\.json\.tmp$/, { code: 'ENOSPC' });
    await put(store, 'a', 'one');
    await put(store, 'b', 'two');
    await settle();
    expect(machine.notices).toMatchObject([
      { kind: 'snapshot_failed', folder: machine.folder, file: 'notes.json', cause: { code: 'ENOSPC' } },
    ]);
    expect(machine.document('notes.json')).toMatchObject({ notes: [] });
    await machine.clock.advance(999);
    expect(machine.document('notes.json')).toMatchObject({ notes: [] });
    await machine.clock.advance(1);
    expect(machine.document('notes.json')).toMatchObject({ notes: [{ text: 'one' }, { text: 'two' }] });
    await store.close();
  });

  it('that cannot be written when the store closes is left to the journal', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await settle();
    machine.disk.fail('create', /\.json\.tmp$/, { times: 100 });
    await put(store, 'a', 'one');
    await store.close();
    const again = await machine.open();
    expect(notesOf(again)).toEqual({ a: 'one' });
    await again.close();
  });

  it('that was removed is written again, and nothing is lost', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await put(store, 'a', 'one');
    await machine.clock.advance(1_000);
    await machine.disk.unlink(FILE);
    await store.look();
    await machine.clock.advance(1_000);
    expect(machine.document('notes.json')).toMatchObject({ notes: [{ key: 'a', version: 1 }] });
    expect(store.line).toBe(1);
    await store.close();
    expect(machine.notices).toEqual([]);
  });

  it('saves start-up the lines before it, but not their checksums', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a', 'b', 'c']);
    const parsed: unknown[] = [];
    const watched = {
      ...NOTES,
      parse: (value: Parameters<typeof NOTES.parse>[0]) => {
        parsed.push(value);
        return NOTES.parse(value);
      },
    };
    const snapshots = [snapshotOf(watched), snapshotOf(TAGS)];
    const store = await machine.open({ snapshots });
    expect(parsed).toEqual([]);
    await put(store, 'd', 'd', watched);
    machine.kill();
    await machine.open({ snapshots });
    expect(parsed.length).toBeLessThanOrEqual(1);
    const second = machine.frames()[1] ?? 0;
    machine.kill();
    machine.disk.damage(machine.path('journal.log'), (bytes) => bytes.fill(1, second + 100, second + 110));
    await expect(machine.open({ snapshots })).rejects.toMatchObject({ code: 'journal_damaged' });
  });

  it('of a line that the journal does not hold refuses to start, and says so', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a', 'b']);
    const whole = machine.disk.text(machine.path('journal.log')) ?? '';
    const cut = whole.slice(0, machine.frames()[1]);
    for (const journal of ['', cut]) {
      machine.disk.edit(machine.path('journal.log'), journal);
      const opened = machine.open();
      await expect(opened).rejects.toMatchObject({ code: 'journal_damaged' });
      await expect(opened).rejects.toThrow('notes.json says that it was made of /data/ff/journal.log up to line 2');
    }
    machine.disk.edit(machine.path('journal.log'), whole);
    await (await machine.open()).close();
  });

  it('of a journal that went on otherwise refuses to start', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a']);
    const other = await forkOf(machine);
    await machine.writeFrames(['b']);
    await other.writeFrames(['b', 'c']);
    machine.disk.edit(machine.path('journal.log'), other.disk.text(machine.path('journal.log')) ?? '');
    await expect(machine.open()).rejects.toMatchObject({ code: 'journal_damaged' });
    await machine.removeSnapshots();
    await (await machine.open()).close();
  });

  it('gives the folder back when it does not start', async () => {
    const machine = new NoteMachine();
    await machine.writeFrames(['a']);
    machine.disk.edit(machine.path('journal.log'), '');
    await expect(machine.open()).rejects.toMatchObject({ code: 'journal_damaged' });
    expect(await machine.disk.list(machine.folder)).toEqual(['journal.log', 'notes.json', 'tags.json']);
  });
});

/** A disk that takes its time to make a snapshot safe. */
class HeldDisk extends FakeDisk {
  #held: Promise<void> = Promise.resolve();

  /** @returns what lets snapshots go on that are written from now on */
  hold(): PromiseWithResolvers<void> {
    const held = Promise.withResolvers<void>();
    this.#held = held.promise;
    return held;
  }

  override async create(path: string): Promise<DiskWriter> {
    if (path === `${FILE}.tmp`) await this.#held;
    return super.create(path);
  }
}
