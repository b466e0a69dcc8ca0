import {
  ApprovalCheck,
  ApprovalStore,
  approvalSnapshot,
  approvalTable,
  FileApprovalStore,
  FileMatrixSource,
  ingestedTable,
  MatrixSource,
  SignerWorkflow,
  APPROVAL_HANDLERS,
} from '#libs/approvals';
import { ChainedRecorder } from '#libs/audit';
import { BusClient, MemoryBusDriver, Outbox, Relay } from '#libs/bus';
import type { SensitiveCheck, SensitiveCheckAnswer } from '#libs/gate';
import type { TokenReader } from '#libs/identity';
import { type ChangeCommand, Clock, type Origin } from '#libs/kernel';
import { type Dispatcher, FileStore, ReplicaWrites } from '#libs/platform';
import { Composition } from '../compose.ts';
import { RemoteBus } from '../models/remote-bus.ts';
import { SimIds } from '../models/sim-ids.ts';
import { GuardedCommits } from './guarded-commits.ts';
import type { Machine } from './machine.ts';
import type { SimProcess } from './process.ts';
import type { Site } from './site.ts';
import { follow, opened } from './store-lives.ts';

export const ADMIN_FOLDER = '/data/admin';
export const MATRIX_PATH = `${ADMIN_FOLDER}/approval_matrix.json`;
/** Seeding, ingest and search are not part of a world. */
const NOT_HERE = /^(?:Seed|Ingest|Search|Preview|Get|List|SensitiveCheck)/;
const HANDLERS = APPROVAL_HANDLERS.filter(({ name }) => !NOT_HERE.test(name));

export interface AdminOptions {
  readonly instances: number;
  readonly tokensOf: (process: SimProcess) => TokenReader;
}

interface AdminStore {
  readonly files: FileStore;
  readonly matrix: MatrixSource;
  readonly outbox: Outbox;
}

/** One instance of Admin. */
export class AdminInstance {
  readonly process: SimProcess;
  readonly tokens: TokenReader;
  readonly bus: RemoteBus;
  readonly #check: ApprovalCheck;
  readonly #reported: Site['reported'];
  readonly #matrix: MatrixSource;
  readonly #dispatcher: Dispatcher;

  constructor(process: SimProcess, store: AdminStore, tokens: TokenReader, isMain: boolean, site: Site) {
    this.process = process;
    this.tokens = tokens;
    this.#matrix = store.matrix;
    this.#reported = site.reported;
    const { redis, hub } = site;
    const { clock, name } = process;
    this.bus = new RemoteBus(new MemoryBusDriver(hub), { self: process, server: redis }, site);
    const writes = new ReplicaWrites(store.files, {
      decided: (messages) => store.outbox.claim(messages, name),
      committed: () => undefined,
    });
    const commits = new GuardedCommits(writes, process, site);
    const approvals = new FileApprovalStore(store.files, clock, commits);
    const composition = new Composition()
      .provide(Clock, clock)
      .provide(ApprovalStore, approvals)
      .provide(MatrixSource, store.matrix)
      .provide(SignerWorkflow, new SignerWorkflow('on'));
    this.#dispatcher = composition.dispatcher(HANDLERS);
    this.#check = composition.get(ApprovalCheck);
    const client = new BusClient(this.bus);
    // It lives as long as its process does.
    void new Relay(
      {
        outbox: store.outbox,
        scheduler: clock,
        announce: ({ channel, payload }) => client.announce(channel, payload),
        report: site.reported,
      },
      { replica: name, isMain },
    );
  }

  async rows(): Promise<ReadonlySet<string>> {
    return new Set((await this.#matrix.current()).keys());
  }

  /** What `POST /api/policy/sensitive.check.2b` answers. */
  async check(checks: readonly SensitiveCheck[], approvalRef: string | null): Promise<readonly SensitiveCheckAnswer[]> {
    try {
      return await this.#check.check(checks, { approvalRef, isVerified: true });
    } catch (error) {
      // Told of here: whoever asks takes any failure for an Admin that was not reached.
      this.#reported(error);
      throw error;
    }
  }

  execute<Answer>(command: ChangeCommand<Answer>, origin: Origin): Promise<Answer> {
    return this.#dispatcher.execute(command, origin);
  }
}

/** Admin's one process on files, with its instances. */
export class AdminProcess {
  readonly process: SimProcess;
  readonly store: AdminStore;
  readonly instances: readonly AdminInstance[];

  private constructor(process: SimProcess, store: AdminStore, instances: readonly AdminInstance[]) {
    this.process = process;
    this.store = store;
    this.instances = instances;
  }

  static async start(machine: Machine, { instances, tokensOf }: AdminOptions, site: Site): Promise<AdminProcess> {
    const process = machine.begin('admin');
    const store = await process.life.guard(openStore(machine, process, site));
    const started = Array.from({ length: instances }, (_, index) => {
      const own = machine.begin(`admin-${index + 1}`);
      return new AdminInstance(own, store, tokensOf(own), index === 0, site);
    });
    for (const { process: own } of started) site.watch.lived({ name: own.name, what: 'up', at: site.time.now });
    return new AdminProcess(process, store, started);
  }
}

async function openStore(machine: Machine, process: SimProcess, site: Site): Promise<AdminStore> {
  const ids = new SimIds(site.chance('ids admin'));
  const disk = machine.diskOf(process);
  const matrix = await FileMatrixSource.open({ disk, path: MATRIX_PATH, report: site.failed });
  const opening = FileStore.open({
    tables: [approvalTable, ingestedTable],
    snapshots: [approvalSnapshot(matrix)],
    folder: ADMIN_FOLDER,
    disk,
    processes: machine.processes,
    recorder: new ChainedRecorder('/ptt/admin', ids),
    clock: process.clock,
    scheduler: process.clock,
    ids,
    report: site.noticed,
  });
  const files = await opened('admin', opening, site);
  await follow('admin', files, site);
  const outbox = new Outbox(process.clock);
  files.onCommit(({ messages }) => outbox.add(messages));
  await files.look();
  return { files, matrix, outbox };
}
