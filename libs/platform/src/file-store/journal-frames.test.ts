import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '#libs/kernel';
import { settle } from '../testing/index.ts';
import { all, NoteMachine, NOTES, notesOf, put } from './testing/notes.ts';

describe('the journal', () => {
  it('makes changes that wait together safe with one write and one fsync', async () => {
    const machine = new NoteMachine();
    const store = await machine.open({ snapshots: [], tables: [NOTES] });
    const before = machine.disk.acts;
    await Promise.all(Array.from({ length: 8 }, (_, index) => put(store, `key-${index}`, 'text')));
    expect(machine.disk.acts - before).toBe(2);
    await put(store, 'alone', 'text');
    expect(machine.disk.acts - before).toBe(4);
    expect(machine.frames()).toHaveLength(2);
    await store.close();
  });

  it('keeps callers in a loop together', async () => {
    const machine = new NoteMachine();
    const store = await machine.open({ snapshots: [], tables: [NOTES] });
    const caller = async (name: number): Promise<void> => {
      for (let round = 0; round < 10; round += 1) await put(store, `key-${name}`, `round ${round}`);
    };
    await Promise.all([0, 1, 2, 3].map(caller));
    expect(machine.frames()).toHaveLength(10);
    await store.close();
  });

  it('bounds a frame, and the changes that wait', async () => {
    const machine = new NoteMachine();
    const store = await machine.open({ snapshots: [], tables: [NOTES] });
    const asked = Array.from({ length: LIMITS.waitingChanges + 1 }, (_, index) => put(store, `key-${index}`, 'text'));
    const answers = await Promise.allSettled(asked);
    expect(answers.at(-1)).toMatchObject({ reason: { code: 'store_overloaded' } });
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(LIMITS.waitingChanges);
    const frames = machine.frames();
    expect(frames).toHaveLength(Math.ceil(LIMITS.waitingChanges / LIMITS.frameLines));
    expect(machine.disk.text(machine.path('journal.log'))?.slice(0, 40)).toMatch(/^#frame 0{15}1 001024 /);
    await put(store, 'later', 'has room again');
    await store.close();
  });

  it('cuts a frame before it grows beyond 8 MiB, but for one line that is longer', async () => {
    const machine = new NoteMachine();
    const store = await machine.open({ snapshots: [], tables: [NOTES] });
    const text = 'x'.repeat(3 * 1_048_576);
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => put(store, key, text)));
    await put(store, 'e', 'x'.repeat(9 * 1_048_576));
    expect(machine.frames()).toHaveLength(3);
    await store.close();
    const again = await machine.open();
    expect(again.rows(NOTES).get('e')?.text).toHaveLength(9 * 1_048_576);
    await again.close();
  });

  it('refuses all changes after a failed write or fsync until restart, waiting ones too, and serves what was safe', async () => {
    for (const act of ['append', 'sync'] as const) {
      const machine = new NoteMachine();
      const store = await machine.open();
      await put(store, 'a', 'safe');
      machine.disk.fail(act, /journal\.log$/, { code: 'ENOSPC' });
      const waiting = [put(store, 'a', 'in the frame'), put(store, 'b', 'too')];
      await settle();
      expect(await Promise.allSettled(waiting)).toMatchObject(
        waiting.map(() => ({ reason: { code: 'store_unavailable' } })),
      );
      await expect(put(store, 'c', 'later')).rejects.toMatchObject({ code: 'store_unavailable' });
      expect(store.isWritable).toBe(false);
      expect(notesOf(store)).toEqual({ a: 'safe' });
      expect(store.rows(NOTES).versionOf('b')).toBe(0);
      expect(store.look()).toBeUndefined();
      expect(machine.notices).toMatchObject([{ kind: 'journal_failed', cause: { code: 'ENOSPC' } }]);
      expect((await all(store.lines())).length).toBe(1);
      await store.close();
    }
  });
});
