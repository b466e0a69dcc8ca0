import type { DiskReader } from '../disk/index.ts';
import { FakeDisk } from '../models/index.ts';

/** Counts the bytes that are read of files that were opened for it. */
export class CountingDisk extends FakeDisk {
  bytesRead = 0;

  override async openRead(path: string): Promise<DiskReader | null> {
    const file = await super.openRead(path);
    if (file === null) return null;
    return {
      read: async (offset, length) => {
        const bytes = await file.read(offset, length);
        this.bytesRead += bytes.length;
        return bytes;
      },
      close: () => file.close(),
    };
  }
}
