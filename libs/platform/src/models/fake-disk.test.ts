import { describe, expect, it } from '@jest/globals';
import { FakeDisk } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a file is found to be after the power went, over many seeds. */
async function found(prepare: (disk: FakeDisk) => Promise<void>, path = '/d/a'): Promise<ReadonlySet<string | null>> {
  const texts = new Set<string | null>();
  for (let seed = 0; seed < 200; seed += 1) {
    const disk = new FakeDisk(seed);
    await disk.mkdir('/d');
    await prepare(disk);
    texts.add(disk.crash().text(path));
  }
  return texts;
}

async function write(disk: FakeDisk, path: string, text: string, isSafe: boolean): Promise<void> {
  const file = await disk.openAppend(path);
  await file.append(bytes(text));
  if (isSafe) await file.sync();
  await file.close();
}

describe('a disk that loses power', () => {
  it('keeps what was synced, bytes and name', async () => {
    const texts = await found(async (disk) => {
      await write(disk, '/d/a', 'safe', true);
      await disk.syncFolder('/d');
    });
    expect([...texts]).toEqual(['safe']);
  });

  it('may lose the bytes of a file that was not synced, in any part, or leave zeros', async () => {
    const texts = await found(async (disk) => {
      await write(disk, '/d/a', 'safe', true);
      await disk.syncFolder('/d');
      await write(disk, '/d/a', 'xy', false);
    });
    expect(texts).toEqual(new Set(['safe', 'safex', 'safexy', 'safe\0\0', 'safex\0']));
  });

  it('may lose the name of a file whose folder was not synced', async () => {
    expect(await found((disk) => write(disk, '/d/a', 'safe', true))).toEqual(new Set(['safe', null]));
  });

  it('has after a rename that was not synced the old file or the new one, and never both names', async () => {
    const rename = async (disk: FakeDisk): Promise<void> => {
      await write(disk, '/d/a', 'old', true);
      await write(disk, '/d/b', 'new', true);
      await disk.syncFolder('/d');
      disk.rename('/d/b', '/d/a');
    };
    expect(await found(rename)).toEqual(new Set(['old', 'new']));
    expect(await found(rename, '/d/b')).toEqual(new Set(['new', null]));
  });

  it('takes a sync that does nothing for one that does, where that is planted', async () => {
    const texts = await found(async (disk) => {
      disk.ignores = { files: /a$/, folders: /d$/ };
      await write(disk, '/d/a', 'x', true);
      await disk.syncFolder('/d');
    });
    expect(texts).toEqual(new Set(['x', '', '\0', null]));
  });

  it('loses nothing when only the process dies, and is no safer for it', async () => {
    const disk = new FakeDisk();
    await disk.mkdir('/d');
    await write(disk, '/d/a', 'waiting', false);
    const next = disk.survive();
    expect(next.text('/d/a')).toBe('waiting');
    await expect(write(disk, '/d/a', 'late', false)).rejects.toMatchObject({ code: 'ECRASHED' });
    expect(next.text('/d/a')).toBe('waiting');
    expect(new Set(Array.from({ length: 50 }, () => next.crash().text('/d/a'))).size).toBeGreaterThan(1);
  });

  it('stops in the middle of the act that was named', async () => {
    const disk = new FakeDisk();
    await disk.mkdir('/d');
    disk.crashIn(3);
    await write(disk, '/d/a', 'one', false);
    await expect(write(disk, '/d/a', 'two', false)).rejects.toMatchObject({ code: 'ECRASHED' });
    expect(disk.hasCrashed).toBe(true);
    expect('onetwo').toContain(disk.text('/d/a'));
    expect(disk.text('/d/a')).toMatch(/^one/);
  });

  it('fails as often as told, and then no more', async () => {
    const disk = new FakeDisk();
    await disk.mkdir('/d');
    disk.fail('sync', /a$/, { code: 'ENOSPC', times: 2 });
    await write(disk, '/d/b', 'other', true);
    await expect(write(disk, '/d/a', 'x', true)).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(write(disk, '/d/a', 'x', true)).rejects.toMatchObject({ code: 'ENOSPC' });
    await write(disk, '/d/a', 'x', true);
    expect(disk.text('/d/a')).toBe('xxx');
  });
});
