import { join } from 'node:path';
import { isRecord, PttError, sha256Hex } from '#libs/kernel';
import type { Disk, ProcessIdentity, Processes } from '../disk/index.ts';

const LOCK = 'lock';
/** What a taker that died may have left lying about. */
const LEFTOVER = /^lock\.(?:new|over)-/;
/** Each further try follows on a change of the lock by somebody else. */
const TRIES = 16;

interface Holder extends ProcessIdentity {
  readonly since: string;
}

/**
 * A folder's one writer, in a file `lock` that names it.
 *
 * Taking it is `link`, of which one succeeds. A lock whose process is gone may be taken over, but two takers who found
 * the same dead lock must not both get it, and one that was slow must not take away the lock of the one that was quick.
 * So a taker first takes a claim, a second lock file named after the content of the dead one, looks again whether the
 * dead one is still there, and renames the claim over it. Nobody else may replace that very lock. The claim of a taker
 * that died on the way is a dead lock like any other, and is taken over in the same way.
 */
export class FolderLock {
  /** The process that held the folder and is gone; null when it had been given back. */
  readonly tookOverFrom: number | null;
  readonly #disk: Disk;
  readonly #path: string;
  readonly #content: Uint8Array;

  private constructor(disk: Disk, path: string, content: Uint8Array, tookOverFrom: number | null) {
    this.#disk = disk;
    this.#path = path;
    this.#content = content;
    this.tookOverFrom = tookOverFrom;
  }

  /**
   * @param since when, in RFC 3339, for people
   * @param id one that no other taker has
   * @throws PttError folder_locked, naming the process
   */
  static async take(folder: string, disk: Disk, processes: Processes, since: string, id: string): Promise<FolderLock> {
    const taker = new Taker(folder, disk, processes, { ...processes.self(), since }, id);
    const tookOverFrom = await taker.take();
    return new FolderLock(disk, join(folder, LOCK), taker.content, tookOverFrom);
  }

  /** Gives the folder back, unless somebody took the lock away by hand. */
  async release(): Promise<void> {
    const content = await this.#disk.read(this.#path);
    if (content !== null && Buffer.compare(content, this.#content) === 0) await this.#disk.unlink(this.#path);
  }
}

class Taker {
  readonly content: Uint8Array;
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #processes: Processes;
  readonly #mine: string;

  constructor(folder: string, disk: Disk, processes: Processes, self: Holder, id: string) {
    this.#folder = folder;
    this.#disk = disk;
    this.#processes = processes;
    this.#mine = join(folder, `lock.new-${id}`);
    this.content = new TextEncoder().encode(`${JSON.stringify({ ...self, id })}\n`);
  }

  /** @returns the process whose dead lock this was */
  async take(): Promise<number | null> {
    const lock = join(this.#folder, LOCK);
    const file = await this.#disk.create(this.#mine);
    await file.append(this.content);
    await file.close();
    try {
      for (let tries = 0; tries < TRIES; tries += 1) {
        if (await this.#disk.link(this.#mine, lock)) return null;
        const held = await this.#disk.read(lock);
        if (held === null) continue;
        this.#refuseIfAlive(held);
        if (await this.#takeOver(lock, held)) {
          await this.#sweep();
          return holderOf(held)?.pid ?? null;
        }
      }
    } finally {
      await this.#disk.unlink(this.#mine);
    }
    throw new PttError('folder_locked', {
      detail: `The folder ${this.#folder} is being taken by several processes at once. Start one of them.`,
    });
  }

  async #takeOver(path: string, dead: Uint8Array): Promise<boolean> {
    const claim = join(this.#folder, `lock.over-${sha256Hex(dead).slice(0, 16)}`);
    if (!(await this.#disk.link(this.#mine, claim))) {
      const other = await this.#disk.read(claim);
      if (other === null) return false;
      this.#refuseIfAlive(other);
      if (!(await this.#takeOver(claim, other))) return false;
    }
    const found = await this.#disk.read(path);
    if (found !== null && Buffer.compare(found, dead) === 0) {
      this.#disk.rename(claim, path);
      return true;
    }
    await this.#disk.unlink(claim);
    return false;
  }

  /** Removes what takers left that died on the way; the living remove their own. */
  async #sweep(): Promise<void> {
    for (const name of await this.#disk.list(this.#folder)) {
      if (!LEFTOVER.test(name)) continue;
      const path = join(this.#folder, name);
      const content = await this.#disk.read(path);
      const holder = content === null ? null : holderOf(content);
      if (holder !== null && !this.#processes.isAlive(holder)) await this.#disk.unlink(path);
    }
  }

  #refuseIfAlive(content: Uint8Array): void {
    const holder = holderOf(content);
    // A lock that cannot be read was torn when the machine went down, and its process with it.
    if (holder === null || !this.#processes.isAlive(holder)) return;
    throw new PttError('folder_locked', {
      detail:
        `The folder ${this.#folder} is being written by process ${holder.pid} since ${holder.since}. ` +
        'Stop that process, or give this one a folder of its own (PTT_DATA_DIR).',
      extensions: { pid: holder.pid, since: holder.since, folder: this.#folder },
    });
  }
}

function holderOf(content: Uint8Array): Holder | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(content));
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const { pid, incarnation, since } = value;
  if (typeof pid !== 'number' || typeof since !== 'string') return null;
  if (incarnation !== null && typeof incarnation !== 'string') return null;
  return { pid, incarnation, since };
}
