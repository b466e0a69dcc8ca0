import { Disk, DiskReader, DiskWriter, type FileStamp } from '#libs/platform';
import type { FakeDisk } from '#libs/platform/models';
import type { Chance } from '../chance.ts';
import type { Life } from '../time/life.ts';
import type { VirtualTime } from '../time/virtual-time.ts';

/** What acts of a disk take, in milliseconds: a write lands in a cache, a sync goes to the medium. */
const WRITE_MS = 0.02;
const SYNC_MS = 0.6;
const READ_MS = 0.05;

/** What the faults make of a disk. */
export interface DiskHooks {
  /** The mean of what an act takes now beside its usual time: a busy disk. */
  slowMs(): number;
  /** Bytes were written to a file, and are not synced yet. */
  appended(path: string): void;
}

const QUIET: DiskHooks = { slowMs: () => 0, appended: () => undefined };

/** A machine's disk as one process sees it: acts take time, and end for nobody once the process is dead. */
export class SimDisk extends Disk {
  readonly #below: FakeDisk;
  readonly #time: VirtualTime;
  readonly #life: Life;
  readonly #chance: Chance;
  readonly #hooks: DiskHooks;

  constructor(below: FakeDisk, time: VirtualTime, life: Life, chance: Chance, hooks: DiskHooks = QUIET) {
    super();
    this.#below = below;
    this.#time = time;
    this.#life = life;
    this.#chance = chance;
    this.#hooks = hooks;
  }

  async openAppend(path: string): Promise<DiskWriter> {
    return this.#writer(path, await this.#act(WRITE_MS, () => this.#below.openAppend(path)));
  }

  async create(path: string): Promise<DiskWriter> {
    return this.#writer(path, await this.#act(WRITE_MS, () => this.#below.create(path)));
  }

  async openRead(path: string): Promise<DiskReader | null> {
    const file = await this.#act(READ_MS, () => this.#below.openRead(path));
    return file === null ? null : new SimReader(file, this.#act);
  }

  read(path: string): Promise<Uint8Array | null> {
    return this.#act(READ_MS, () => this.#below.read(path));
  }

  stat(path: string): FileStamp | undefined {
    return this.#below.stat(path);
  }

  rename(from: string, to: string): void {
    if (this.#life.isAlive) this.#below.rename(from, to);
  }

  link(existing: string, name: string): Promise<boolean> {
    return this.#act(WRITE_MS, () => this.#below.link(existing, name));
  }

  unlink(path: string): Promise<void> {
    return this.#act(WRITE_MS, () => this.#below.unlink(path));
  }

  mkdir(path: string): Promise<void> {
    return this.#act(WRITE_MS, () => this.#below.mkdir(path));
  }

  list(path: string): Promise<readonly string[]> {
    return this.#act(READ_MS, () => this.#below.list(path));
  }

  syncFolder(path: string): Promise<void> {
    return this.#act(SYNC_MS, () => this.#below.syncFolder(path));
  }

  #writer(path: string, below: DiskWriter): DiskWriter {
    return new SimWriter(below, this.#act, () => this.#hooks.appended(path));
  }

  /** Waits, then acts: a process that dies while it waits has not acted. */
  readonly #act: Act = async (meanMs, act) => {
    await this.#time.pass(this.#chance.exponential(meanMs + this.#hooks.slowMs()), this.#life);
    return this.#life.guard(act());
  };
}

type Act = <T>(meanMs: number, act: () => Promise<T>) => Promise<T>;

class SimWriter extends DiskWriter {
  readonly #below: DiskWriter;
  readonly #act: Act;
  readonly #appended: () => void;

  constructor(below: DiskWriter, act: Act, appended: () => void) {
    super();
    this.#below = below;
    this.#act = act;
    this.#appended = appended;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#act(WRITE_MS, () => this.#below.append(bytes));
    this.#appended();
  }

  sync(): Promise<void> {
    return this.#act(SYNC_MS, () => this.#below.sync());
  }

  truncate(size: number): Promise<void> {
    return this.#act(WRITE_MS, () => this.#below.truncate(size));
  }

  close(): Promise<void> {
    return this.#act(WRITE_MS, () => this.#below.close());
  }
}

class SimReader extends DiskReader {
  readonly #below: DiskReader;
  readonly #act: Act;

  constructor(below: DiskReader, act: Act) {
    super();
    this.#below = below;
    this.#act = act;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.#act(READ_MS, () => this.#below.read(offset, length));
  }

  close(): Promise<void> {
    return this.#act(WRITE_MS, () => this.#below.close());
  }
}
