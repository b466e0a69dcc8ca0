import {
  close,
  fdatasync,
  fsync,
  ftruncate,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  read as readFd,
  renameSync,
  statSync,
  unlink,
  write,
} from 'node:fs';
import { dirname, resolve as resolvePath } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from '#libs/kernel';
import { Disk, DiskReader, type FileStamp, DiskWriter } from './disk.ts';

const closeFile = promisify(close);
const openFile = promisify(open);
const syncFile = promisify(fsync);
const syncData = promisify(fdatasync);

const hasCode = (error: unknown, code: string): boolean => isRecord(error) && error['code'] === code;

const inOrder = (a: string, b: string): number => (a < b ? -1 : 1);

/** What `orElse` says where the system says `code`; every other failure is passed on. */
async function unless<T, E>(code: string, orElse: E, act: Promise<T>): Promise<T | E> {
  try {
    return await act;
  } catch (error) {
    if (hasCode(error, code)) return orElse;
    throw error;
  }
}

/** Descriptors and callbacks, since `FileHandle` costs twice as much a call. */
class NodeWriter extends DiskWriter {
  readonly #fd: number;

  constructor(fd: number) {
    super();
    this.#fd = fd;
  }

  append(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      // A write may take less than it was given, for instance when the disk is nearly full.
      const go = (from: number): void => {
        write(this.#fd, bytes, from, bytes.length - from, null, (error, written) => {
          if (error !== null) reject(error);
          else if (from + written < bytes.length) go(from + written);
          else resolve();
        });
      };
      go(0);
    });
  }

  sync(): Promise<void> {
    return syncData(this.#fd);
  }

  truncate(size: number): Promise<void> {
    return promisify(ftruncate)(this.#fd, size);
  }

  close(): Promise<void> {
    return closeFile(this.#fd);
  }
}

class NodeReader extends DiskReader {
  readonly #fd: number;

  constructor(fd: number) {
    super();
    this.#fd = fd;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await promisify(readFd)(this.#fd, bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  close(): Promise<void> {
    return closeFile(this.#fd);
  }
}

/** The machine's file system, a local one: what `fsync` promises is taken at its word. */
export class NodeDisk extends Disk {
  async openAppend(path: string): Promise<DiskWriter> {
    return new NodeWriter(await openFile(path, 'a'));
  }

  async create(path: string): Promise<DiskWriter> {
    return new NodeWriter(await openFile(path, 'w'));
  }

  async openRead(path: string): Promise<DiskReader | null> {
    const fd = await unless('ENOENT', null, openFile(path, 'r'));
    return fd === null ? null : new NodeReader(fd);
  }

  read(path: string): Promise<Uint8Array | null> {
    return unless('ENOENT', null, promisify(readFile)(path));
  }

  stat(path: string): FileStamp | undefined {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  }

  rename(from: string, to: string): void {
    renameSync(from, to);
  }

  async link(existing: string, name: string): Promise<boolean> {
    return (await unless('EEXIST', 'taken', promisify(link)(existing, name))) !== 'taken';
  }

  async unlink(path: string): Promise<void> {
    await unless('ENOENT', null, promisify(unlink)(path));
  }

  async mkdir(path: string): Promise<void> {
    const first = await promisify(mkdir)(path, { recursive: true });
    if (first === undefined) return;
    const highest = dirname(resolvePath(first));
    for (let folder = dirname(resolvePath(path)); ; folder = dirname(folder)) {
      await this.syncFolder(folder);
      if (folder === highest) return;
    }
  }

  async list(path: string): Promise<readonly string[]> {
    const names = await unless('ENOENT', [], promisify(readdir)(path));
    return names.toSorted(inOrder);
  }

  async syncFolder(path: string): Promise<void> {
    const fd = await openFile(path, 'r');
    try {
      await syncFile(fd);
    } finally {
      await closeFile(fd);
    }
  }
}
