import { describe, expect, it } from '@jest/globals';
import { CountingDisk } from '../testing/index.ts';
import { all, NoteMachine, put } from './testing/notes.ts';

const MEGABYTE = 1_048_576;
const NOTES = 8;

describe('the lines from a late one on', () => {
  it('are those of the whole journal, read from near them once that was read', async () => {
    const disk = new CountingDisk();
    const store = await new NoteMachine(disk).open();
    for (let note = 0; note < NOTES; note += 1) await put(store, `${note}`, 'x'.repeat(MEGABYTE));
    const first = disk.bytesRead;
    const whole = await all(store.lines());
    const ofAll = disk.bytesRead - first;
    for (let from = 1; from <= NOTES + 1; from += 1) {
      expect(await all(store.lines(from))).toEqual(whole.slice(from - 1));
    }
    const before = disk.bytesRead;
    await all(store.lines(NOTES));
    expect(disk.bytesRead - before).toBeLessThan(ofAll / 3);
    await put(store, 'later', 'y');
    expect((await all(store.lines(NOTES + 1))).map(({ line }) => line)).toEqual([NOTES + 1]);
    await store.close();
  });
});
