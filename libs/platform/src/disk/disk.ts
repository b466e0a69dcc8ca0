/** What tells one state of a file from another without reading it. */
export interface FileStamp {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** A file that is being written, at its end. */
export abstract class DiskWriter {
  /** Writes at the end. Nothing is safe before `sync`; after a failure it is unknown how much was written. */
  abstract append(bytes: Uint8Array): Promise<void>;
  /** Makes what was written safe (fdatasync). It says nothing about the file's name: see `Disk.syncFolder`. */
  abstract sync(): Promise<void>;
  /** Cuts the file off. */
  abstract truncate(size: number): Promise<void>;
  abstract close(): Promise<void>;
}

/** A file that is being read. */
export abstract class DiskReader {
  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  abstract read(offset: number, length: number): Promise<Uint8Array>;
  abstract close(): Promise<void>;
}

/** All that the file store needs of a file system. Failures carry the system's `code` (`ENOSPC`, `EIO`). */
export abstract class Disk {
  /** Opens for appending; creates the file when there is none. */
  abstract openAppend(path: string): Promise<DiskWriter>;
  /** Opens an empty file; one of that name is emptied. */
  abstract create(path: string): Promise<DiskWriter>;
  /** Null when there is no such file. */
  abstract openRead(path: string): Promise<DiskReader | null>;
  /** The whole file; null when there is none. */
  abstract read(path: string): Promise<Uint8Array | null>;
  /** At once, since it is on the path of every evaluation. Undefined when there is no such file. */
  abstract stat(path: string): FileStamp | undefined;
  /** Atomic; replaces what is there. At once, so that nothing comes between a `stat` and it. */
  abstract rename(from: string, to: string): void;
  /** A second name for a file; false when the name is taken. Exactly one of several callers gets true. */
  abstract link(existing: string, name: string): Promise<boolean>;
  /** Harmless when there is no such file. */
  abstract unlink(path: string): Promise<void>;
  /** With its parents, all of them safe at once; harmless when it is there. */
  abstract mkdir(path: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is no such folder. */
  abstract list(path: string): Promise<readonly string[]>;
  /** Makes the names in a folder safe: files created, renamed and removed. */
  abstract syncFolder(path: string): Promise<void>;
}
