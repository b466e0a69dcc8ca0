import { describe, expect, it } from '@jest/globals';
import { FakeDisk, FakeProcesses, SeededRandom } from '../testing/index.ts';
import { FolderLock } from './folder-lock.ts';
import { NoteMachine, put } from './testing/notes.ts';

const FOLDER = '/data/ff';
const SINCE = '2026-01-01T00:00:00.000Z';

async function folderOf(disk: FakeDisk): Promise<FakeDisk> {
  await disk.mkdir(FOLDER);
  return disk;
}

const take = (disk: FakeDisk, processes: FakeProcesses): Promise<FolderLock> =>
  FolderLock.take(FOLDER, disk, processes, SINCE, `id-${processes.self().pid}`);

describe('the lock of a folder', () => {
  it('is held by one; another is told by whom, since when, and what to do', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    const other = machine.open({ processes: machine.processes.spawn(77) });
    await expect(other).rejects.toMatchObject({
      code: 'folder_locked',
      extensions: { pid: 1, since: SINCE, folder: FOLDER },
      message: `The folder ${FOLDER} is being written by process 1 since ${SINCE}. Stop that process, or give this one a folder of its own (PTT_DATA_DIR).`,
    });
    await put(store, 'a', 'still writes');
    await store.close();
    await (await machine.open()).close();
    expect(machine.notices).toEqual([]);
  });

  it('is not given twice to the same process', async () => {
    const machine = new NoteMachine();
    const store = await machine.open();
    await expect(machine.open()).rejects.toMatchObject({ code: 'folder_locked' });
    await store.close();
  });

  it('survives the kill of its holder, and says whose it was', async () => {
    const machine = new NoteMachine();
    await machine.open();
    machine.kill();
    const store = await machine.open();
    expect(machine.notices).toEqual([{ kind: 'stale_lock_taken', folder: FOLDER, pid: 1 }]);
    await store.close();
  });

  it('is not held by a later process of the same number', async () => {
    const disk = await folderOf(new FakeDisk());
    const first = new FakeProcesses(7);
    await take(disk, first);
    first.kill();
    const lock = await take(disk, first.spawn(7));
    expect(lock.tookOverFrom).toBe(7);
  });

  it('that cannot be read is that of a machine that went down', async () => {
    for (const content of [
      '',
      '{"pid":',
      '[]',
      '{"pid":"1","since":"x","incarnation":null}',
      '{"pid":1}',
      '{"pid":1,"since":"x","incarnation":3}',
    ]) {
      const disk = await folderOf(new FakeDisk());
      disk.edit(`${FOLDER}/lock`, content);
      expect((await take(disk, new FakeProcesses())).tookOverFrom).toBeNull();
    }
  });

  it('is given back, unless somebody else has it by now', async () => {
    const disk = await folderOf(new FakeDisk());
    const first = new FakeProcesses(1);
    const lock = await take(disk, first);
    await disk.unlink(`${FOLDER}/lock`);
    const later = await take(disk, first.spawn(2));
    await lock.release();
    await expect(take(disk, first.spawn(3))).rejects.toMatchObject({ code: 'folder_locked' });
    await later.release();
    expect(await disk.list(FOLDER)).toEqual([]);
    await later.release();
  });

  it('goes to exactly one of several that find a dead one, in whatever order they run, even if some are killed', async () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const random = new SeededRandom(seed);
      const disk = await folderOf(new SlowDisk(random));
      const dead = new FakeProcesses(1);
      await take(disk, dead);
      dead.kill();
      const takers = [2, 3, 4, 5].map((pid) => dead.spawn(pid));
      const victim = takers[random.below(8)];
      const outcomes = await Promise.allSettled(
        takers.map(async (taker) => {
          const taking = take(taker === victim ? mortal(disk, random.below(8)) : disk, taker);
          if (taker === victim) await taking.catch(() => taker.kill());
          return taking;
        }),
      );
      const held = outcomes.filter(({ status }) => status === 'fulfilled');
      const refused = outcomes.filter((each) => each.status === 'rejected' && isLocked(each.reason));
      expect(held.length).toBeLessThanOrEqual(1);
      const expected = [1, takers.length - 1];
      expect(victim === undefined ? [held.length, refused.length] : expected).toEqual(expected);
      // Whoever comes next finds what they left: a living holder, or dead locks and claims.
      const next = await Promise.allSettled([take(disk, dead.spawn(6))]);
      expect(next[0]?.status).toBe(held.length === 1 ? 'rejected' : 'fulfilled');
      expect(held.length === 0 ? await disk.list(FOLDER) : ['lock']).toEqual(['lock']);
    }
  });
});

const isLocked = (reason: unknown): boolean =>
  reason instanceof Error && 'code' in reason && reason.code === 'folder_locked';

/** Lets chance decide which of several callers goes on first. */
class SlowDisk extends FakeDisk {
  readonly #chance: SeededRandom;

  constructor(random: SeededRandom) {
    super();
    this.#chance = random;
  }

  override async link(existing: string, name: string): Promise<boolean> {
    await this.#wait();
    return super.link(existing, name);
  }

  override async read(path: string): Promise<Uint8Array | null> {
    await this.#wait();
    return super.read(path);
  }

  override async unlink(path: string): Promise<void> {
    await this.#wait();
    return super.unlink(path);
  }

  async #wait(): Promise<void> {
    for (let rounds = this.#chance.below(12); rounds > 0; rounds -= 1) await Promise.resolve();
  }
}

/** The same disk for a process that is killed after so many calls: from then on none of its calls does anything. */
function mortal(disk: FakeDisk, calls: number): FakeDisk {
  let left = calls;
  return new Proxy(disk, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return Reflect.apply(member, target, given);
      };
    },
  });
}
