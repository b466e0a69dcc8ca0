import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { FakeDisk } from '../testing/index.ts';
import { type Disk, NodeDisk } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array | null): string | null => (read === null ? null : new TextDecoder().decode(read));

async function put(disk: Disk, path: string, content: string): Promise<void> {
  const file = await disk.create(path);
  await file.append(bytes(content));
  await file.sync();
  await file.close();
}

const root = mkdtempSync(join(tmpdir(), 'disk-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

describe.each<[string, () => Disk]>([
  ['NodeDisk', () => new NodeDisk()],
  ['FakeDisk', () => new FakeDisk()],
])('%s', (_name, open) => {
  async function fresh(): Promise<{ disk: Disk; folder: string; at: (name: string) => string }> {
    const disk = open();
    folders += 1;
    const folder = join(root, `case-${folders}`, 'inner');
    await disk.mkdir(folder);
    return { disk, folder, at: (name) => join(folder, name) };
  }

  it('appends to what is there', async () => {
    const { disk, at } = await fresh();
    await put(disk, at('a'), 'one,');
    const file = await disk.openAppend(at('a'));
    await file.append(bytes('two,'));
    await file.append(bytes('three'));
    await file.sync();
    await file.close();
    expect(text(await disk.read(at('a')))).toBe('one,two,three');
  });

  it('appends to a file that is not there yet', async () => {
    const { disk, at } = await fresh();
    const file = await disk.openAppend(at('a'));
    await file.append(bytes('first'));
    await file.close();
    expect(text(await disk.read(at('a')))).toBe('first');
  });

  it('creates over what is there', async () => {
    const { disk, at } = await fresh();
    await put(disk, at('a'), 'long content');
    await put(disk, at('a'), 'new');
    expect(text(await disk.read(at('a')))).toBe('new');
  });

  it('cuts off and goes on from there', async () => {
    const { disk, at } = await fresh();
    await put(disk, at('a'), '0123456789');
    const file = await disk.openAppend(at('a'));
    await file.truncate(4);
    await file.append(bytes('x'));
    await file.sync();
    await file.close();
    expect(text(await disk.read(at('a')))).toBe('0123x');
    expect(disk.stat(at('a'))?.size).toBe(5n);
  });

  it('reads a range, and less at the end', async () => {
    const { disk, at } = await fresh();
    await put(disk, at('a'), '0123456789');
    const file = await disk.openRead(at('a'));
    expect(file).not.toBeNull();
    if (file === null) return;
    expect(text(await file.read(2, 3))).toBe('234');
    expect(text(await file.read(8, 5))).toBe('89');
    expect(text(await file.read(20, 5))).toBe('');
    await file.close();
  });

  it('reads what was appended since it was opened', async () => {
    const { disk, at } = await fresh();
    await put(disk, at('a'), 'one');
    const reader = await disk.openRead(at('a'));
    const writer = await disk.openAppend(at('a'));
    await writer.append(bytes('two'));
    expect(text((await reader?.read(0, 10)) ?? null)).toBe('onetwo');
    await writer.close();
    await reader?.close();
  });

  it('has nothing to say of a file that is not there', async () => {
    const { disk, folder, at } = await fresh();
    expect(await disk.read(at('none'))).toBeNull();
    expect(await disk.openRead(at('none'))).toBeNull();
    expect(disk.stat(at('none'))).toBeUndefined();
    expect(await disk.list(join(folder, 'none'))).toEqual([]);
    await disk.unlink(at('none'));
  });

  it('shows by the stamp that a file was replaced, appended to, and left alone', async () => {
    const { disk, at } = await fresh();
    await put(disk, at('a'), 'same size');
    const before = disk.stat(at('a'));
    expect(disk.stat(at('a'))).toMatchObject({ ino: before?.ino, size: 9n, mtimeNs: before?.mtimeNs });
    await put(disk, at('b'), 'size same');
    const replacing = disk.stat(at('b'));
    disk.rename(at('b'), at('a'));
    expect(disk.stat(at('a'))).toMatchObject({ ino: replacing?.ino, mtimeNs: replacing?.mtimeNs });
    expect(disk.stat(at('a'))?.ino).not.toBe(before?.ino);
  });

  it('renames over what is there', async () => {
    const { disk, folder, at } = await fresh();
    await put(disk, at('a'), 'old');
    await put(disk, at('b'), 'new');
    disk.rename(at('b'), at('a'));
    expect(text(await disk.read(at('a')))).toBe('new');
    expect(await disk.list(folder)).toEqual(['a']);
  });

  it('refuses to rename what is not there', async () => {
    const { disk, at } = await fresh();
    expect(() => disk.rename(at('none'), at('a'))).toThrow('ENOENT');
  });

  it('gives a name to exactly one of several', async () => {
    const { disk, folder, at } = await fresh();
    await put(disk, at('a'), 'of a');
    await put(disk, at('b'), 'of b');
    const got = await Promise.all([disk.link(at('a'), at('name')), disk.link(at('b'), at('name'))]);
    expect(got.filter(Boolean)).toHaveLength(1);
    expect(text(await disk.read(at('name')))).toBe(got[0] ? 'of a' : 'of b');
    await disk.unlink(at('a'));
    await disk.unlink(at('b'));
    expect(await disk.list(folder)).toEqual(['name']);
  });

  it('lists names in order and syncs them', async () => {
    const { disk, folder, at } = await fresh();
    for (const name of ['c', 'a', 'b']) await put(disk, at(name), name);
    await disk.syncFolder(folder);
    expect(await disk.list(folder)).toEqual(['a', 'b', 'c']);
  });

  it('makes a folder that is there already', async () => {
    const { disk, folder, at } = await fresh();
    await put(disk, at('a'), 'kept');
    await disk.mkdir(folder);
    expect(text(await disk.read(at('a')))).toBe('kept');
  });

  it('fails on a file in a folder that is not there', async () => {
    const { disk, folder } = await fresh();
    await expect(disk.create(join(folder, 'none', 'a'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
