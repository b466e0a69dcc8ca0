import { DiskReader, DiskWriter } from '../disk/index.ts';
import type { FakeInode } from './fake-inode.ts';

/** A file that is open to be written; its disk says what each act does. */
export class FakeWriter extends DiskWriter {
  readonly append: (bytes: Uint8Array) => Promise<void>;
  readonly sync: () => Promise<void>;
  readonly truncate: (size: number) => Promise<void>;

  constructor(acts: Pick<DiskWriter, 'append' | 'sync' | 'truncate'>) {
    super();
    this.append = acts.append;
    this.sync = acts.sync;
    this.truncate = acts.truncate;
  }

  async close(): Promise<void> {}
}

/** A file that is open to be read, be it unlinked meanwhile. */
export class FakeReader extends DiskReader {
  readonly #inode: FakeInode;

  constructor(inode: FakeInode) {
    super();
    this.#inode = inode;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.#inode.bytes.slice(offset, offset + length);
  }

  async close(): Promise<void> {}
}
