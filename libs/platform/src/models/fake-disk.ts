import { basename, dirname } from 'node:path';
import { invariant } from '#libs/kernel';
import { Disk, type DiskReader, type DiskWriter, type FileStamp } from '../disk/index.ts';
import { type DiskAct, FakeDiskError, FakeDiskFaults } from './fake-disk-faults.ts';
import { FakeReader, FakeWriter } from './fake-disk-files.ts';
import { FakeFolder } from './fake-folder.ts';
import { FakeInode } from './fake-inode.ts';
import { SeededRandom } from './seeded.ts';

const DEV = 1n;

/**
 * A disk in memory that can lose what was not synced: bytes of files, and names in folders.
 * It passes the same suite as the real one. After `crash` only the disk that it returns goes on.
 */
export class FakeDisk extends Disk {
  readonly #random: SeededRandom;
  readonly #folders = new Map<string, FakeFolder>();
  readonly #faults = new FakeDiskFaults();
  #inodes = 0n;
  #tick = 0n;
  /** A planted bug: these syncs report success and do nothing. */
  ignores: { files?: RegExp; folders?: RegExp } = {};

  constructor(seed = 1) {
    super();
    this.#random = new SeededRandom(seed);
  }

  /** Acts that change something, so far. */
  get acts(): number {
    return this.#faults.acts;
  }

  /** The next `times` such acts on paths like these fail. A failing append writes a part. */
  fail(act: DiskAct, path: RegExp, { code = 'EIO', times = 1 }: { code?: string; times?: number } = {}): void {
    this.#faults.add({ act, path, code, left: times });
  }

  /** The power goes in the middle of the `acts`-th act from now on. */
  crashIn(acts: number): void {
    this.#faults.cutPowerIn(acts);
  }

  get hasCrashed(): boolean {
    return this.#faults.isWithoutPower;
  }

  /** The power goes: what a machine finds on this disk when it starts again. */
  crash(): FakeDisk {
    this.#faults.cutPowerIn(0);
    const left = new FakeDisk(this.#random.below(2 ** 31));
    const inodes = new Map<FakeInode, FakeInode>();
    const leftOf = (inode: FakeInode): FakeInode => {
      const known = inodes.get(inode) ?? inode.survivor(this.#random);
      inodes.set(inode, known);
      return known;
    };
    for (const [path, folder] of this.#folders) left.#folders.set(path, folder.survivor(this.#random, leftOf));
    left.ignores = this.ignores;
    left.#inodes = this.#inodes;
    left.#tick = this.#tick;
    return left;
  }

  /** The process dies and the machine goes on: what another process finds, nothing of it safer than it was. */
  survive(): FakeDisk {
    this.#faults.cutPowerIn(0);
    const next = new FakeDisk(this.#random.below(2 ** 31));
    for (const [path, folder] of this.#folders) next.#folders.set(path, folder);
    next.ignores = this.ignores;
    next.#inodes = this.#inodes;
    next.#tick = this.#tick;
    return next;
  }

  /** What a person's editor does: another file of that name, safe at once. */
  edit(path: string, text: string | Uint8Array, mtimeNs?: bigint): void {
    const inode = this.#newInode(typeof text === 'string' ? new TextEncoder().encode(text) : text);
    if (mtimeNs !== undefined) inode.mtimeNs = mtimeNs;
    const folder = this.#folderOf(path);
    folder.change(new Map([[basename(path), inode]]));
    folder.sync();
  }

  /** Changes a file in place, as a failing disk does. */
  damage(path: string, change: (bytes: Uint8Array) => Uint8Array): void {
    const inode = this.#find(path);
    invariant(inode !== undefined, 'a file that is damaged is there');
    const bytes = change(inode.bytes.slice());
    this.#touch(inode).truncate(0);
    inode.append(bytes);
    inode.sync();
  }

  /** What is in a file now, safe or not; null when there is no such file. */
  text(path: string): string | null {
    const inode = this.#find(path);
    return inode === undefined ? null : new TextDecoder().decode(inode.bytes);
  }

  async openAppend(path: string): Promise<DiskWriter> {
    return this.#find(path) === undefined ? this.create(path) : this.#writer(path);
  }

  async create(path: string): Promise<DiskWriter> {
    await this.#begin('create', path);
    const found = this.#find(path);
    if (found === undefined) this.#folderOf(path).change(new Map([[basename(path), this.#newInode()]]));
    else this.#touch(found).truncate(0);
    return this.#writer(path);
  }

  async openRead(path: string): Promise<DiskReader | null> {
    const inode = this.#find(path);
    return inode === undefined ? null : new FakeReader(inode);
  }

  async read(path: string): Promise<Uint8Array | null> {
    return this.#find(path)?.bytes.slice() ?? null;
  }

  stat(path: string): FileStamp | undefined {
    const inode = this.#find(path);
    if (inode === undefined) return undefined;
    return { dev: DEV, ino: inode.ino, size: BigInt(inode.bytes.length), mtimeNs: inode.mtimeNs };
  }

  rename(from: string, to: string): void {
    this.#faults.begin('rename', from);
    const inode = this.#find(from);
    if (inode === undefined) throw new FakeDiskError('ENOENT', 'rename', from);
    invariant(dirname(from) === dirname(to), 'the fake renames within a folder');
    this.#folderOf(to).change(
      new Map([
        [basename(from), null],
        [basename(to), inode],
      ]),
    );
  }

  async link(existing: string, name: string): Promise<boolean> {
    await this.#begin('link', existing);
    const inode = this.#find(existing);
    if (inode === undefined) throw new FakeDiskError('ENOENT', 'link', existing);
    if (this.#find(name) !== undefined) return false;
    this.#folderOf(name).change(new Map([[basename(name), inode]]));
    return true;
  }

  async unlink(path: string): Promise<void> {
    await this.#begin('unlink', path);
    if (this.#find(path) !== undefined) this.#folderOf(path).change(new Map([[basename(path), null]]));
  }

  async mkdir(path: string): Promise<void> {
    for (let at = path; !this.#folders.has(at); at = dirname(at)) this.#folders.set(at, new FakeFolder());
  }

  async list(path: string): Promise<readonly string[]> {
    const below = [...this.#folders.keys()].filter((folder) => folder !== path && dirname(folder) === path);
    return [...(this.#folders.get(path)?.names.keys() ?? []), ...below.map((folder) => basename(folder))].toSorted();
  }

  async syncFolder(path: string): Promise<void> {
    await this.#begin('syncFolder', path);
    if (this.ignores.folders?.test(path) !== true) this.#folders.get(path)?.sync();
  }

  #writer(path: string): DiskWriter {
    const inode = this.#find(path);
    invariant(inode !== undefined, 'a file that is written is there');
    return new FakeWriter({
      append: async (bytes) => {
        try {
          await this.#begin('append', path);
        } catch (error) {
          // The act that the power goes in may write a part, like one that fails; nothing does after it.
          if (!this.#faults.isPastPower) {
            this.#touch(inode).append(bytes.subarray(0, this.#random.below(bytes.length + 1)));
          }
          throw error;
        }
        this.#touch(inode).append(bytes);
      },
      sync: async () => {
        await this.#begin('sync', path);
        if (this.ignores.files?.test(path) !== true) inode.sync();
      },
      truncate: async (size) => {
        await this.#begin('truncate', path);
        this.#touch(inode).truncate(size);
      },
    });
  }

  async #begin(act: DiskAct, path: string): Promise<void> {
    await Promise.resolve();
    this.#faults.begin(act, path);
  }

  #newInode(bytes?: Uint8Array): FakeInode {
    this.#inodes += 1n;
    return this.#touch(new FakeInode(this.#inodes, bytes));
  }

  #touch(inode: FakeInode): FakeInode {
    this.#tick += 1n;
    inode.mtimeNs = this.#tick;
    return inode;
  }

  #find(path: string): FakeInode | undefined {
    return this.#folders.get(dirname(path))?.names.get(basename(path));
  }

  #folderOf(path: string): FakeFolder {
    const folder = this.#folders.get(dirname(path));
    if (folder === undefined) throw new FakeDiskError('ENOENT', 'open', path);
    return folder;
  }
}
