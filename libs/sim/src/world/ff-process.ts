import type { SharedTexts } from '#libs/cache';
import { ChainedRecorder } from '#libs/audit';
import { Outbox } from '#libs/bus';
import { FLAG_FILES, flagSnapshots, RegistryEdits } from '#libs/flags';
import type { TokenReader } from '#libs/identity';
import { FileStore } from '#libs/platform';
import { SimIds } from '../models/sim-ids.ts';
import type { Admins } from './admin-gate.ts';
import { FfReplica } from './ff-replica.ts';
import type { FfStore } from './ff-store.ts';
import type { Machine } from './machine.ts';
import type { SimProcess } from './process.ts';
import type { Site } from './site.ts';
import { follow, opened } from './store-lives.ts';

export const FF_FOLDER = '/data/ff';
/** Between two looks for what somebody else wrote, where there is a cache. */
const LOOK_MS = 250;

export interface FfOptions {
  readonly replicas: number;
  readonly admins: Admins;
  readonly tokensOf: (process: SimProcess, shared: SharedTexts) => TokenReader;
}

/** FF's one process on files: the store, and the replicas that share it. It dies with all of them. */
export class FfProcess {
  readonly process: SimProcess;
  readonly store: FfStore;
  readonly replicas: FfReplica[] = [];
  readonly #machine: Machine;
  readonly #options: FfOptions;
  readonly #site: Site;

  private constructor(process: SimProcess, store: FfStore, machine: Machine, options: FfOptions, site: Site) {
    this.process = process;
    this.store = store;
    this.#machine = machine;
    this.#options = options;
    this.#site = site;
  }

  /** Opens the store and starts every replica. */
  static async start(machine: Machine, options: FfOptions, site: Site): Promise<FfProcess> {
    const process = machine.begin('ff');
    const store = await process.life.guard(openStore(machine, process, site));
    const ff = new FfProcess(process, store, machine, options, site);
    // The tier is older than this process, and the one before may have died with changes that it had not told of.
    for (let index = 0; index < options.replicas; index += 1) await ff.#add(index, true);
    process.clock.every(LOOK_MS, async () => {
      await Promise.resolve(store.files.look()).catch(site.failed);
    });
    return ff;
  }

  /** Ends one replica, and starts it anew: the store and the others go on. */
  async restart(index: number): Promise<void> {
    if (!this.process.life.isAlive) return;
    const replica = this.replicas[index];
    replica?.process.life.end();
    await this.#add(index, false);
  }

  async #add(index: number, isTierDoubtful: boolean): Promise<void> {
    const { admins, tokensOf } = this.#options;
    const name = `ff-${index + 1}`;
    const process = this.#machine.begin(name);
    const replica = new FfReplica(
      process,
      this.store,
      { isMain: index === 0, isTierDoubtful, tokensOf, admins },
      this.#site,
    );
    await this.process.life.guard(replica.start());
    this.replicas[index] = replica;
    this.#site.watch.lived({ name, what: 'up', at: this.#site.time.now });
  }
}

async function openStore(machine: Machine, process: SimProcess, site: Site): Promise<FfStore> {
  const edits = new RegistryEdits();
  const ids = new SimIds(site.chance('ids ff'));
  const opening = FileStore.open({
    tables: FLAG_FILES.tables,
    snapshots: flagSnapshots(edits),
    folder: FF_FOLDER,
    disk: machine.diskOf(process),
    processes: machine.processes,
    recorder: new ChainedRecorder('/ptt/ff', ids),
    clock: process.clock,
    scheduler: process.clock,
    ids,
    report: (notice) => {
      edits.note(notice);
      site.noticed(notice);
    },
  });
  const files = await opened('ff', opening, site);
  await follow('ff', files, site);
  const outbox = new Outbox(process.clock);
  files.onCommit(({ messages }) => outbox.add(messages));
  await files.look();
  return { files, edits, outbox };
}
