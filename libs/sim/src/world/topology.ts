import type { SharedTexts } from '#libs/cache';
import type { TokenReader } from '#libs/identity';
import type { Chance } from '../chance.ts';
import { MATRIX, REGISTRY } from '../workload/golden.ts';
import { Admins } from './admin-gate.ts';
import { type AdminInstance, AdminProcess, MATRIX_PATH } from './admin-process.ts';
import { FfProcess } from './ff-process.ts';
import type { FfReplica } from './ff-replica.ts';
import { Issuer } from './issuer.ts';
import { Machine } from './machine.ts';
import type { SimProcess } from './process.ts';
import { seedFlags } from './seeding.ts';
import type { Site } from './site.ts';

export interface TopologySize {
  readonly replicas: number;
  readonly admins: number;
}

/** Who is where: the machines, and the processes on them as they come and go. */
export class Topology {
  readonly issuer: Issuer;
  readonly ffMachine: Machine;
  readonly adminMachine: Machine;
  readonly #admins = new Admins();
  readonly #size: TopologySize;
  readonly #site: Site;
  #ff: FfProcess | null = null;
  #admin: AdminProcess | null = null;
  /** As addresses are known, whether or not anybody is there. */
  #replicas: readonly FfReplica[] = [];

  constructor(size: TopologySize, site: Site) {
    this.#size = size;
    this.#site = site;
    this.issuer = new Issuer(site);
    this.ffMachine = new Machine('ff', site);
    this.adminMachine = new Machine('admin', site);
  }

  /** Null while the process is down. */
  get ff(): FfProcess | null {
    return this.#ff;
  }

  get admin(): AdminProcess | null {
    return this.#admin;
  }

  get replicas(): readonly FfReplica[] {
    return this.#ff?.replicas ?? this.#replicas;
  }

  get instances(): readonly AdminInstance[] {
    return this.#admins.instances;
  }

  /** Starts everything on empty disks, and seeds it. */
  async begin(): Promise<void> {
    await this.adminMachine.disk.mkdir('/data/admin');
    this.adminMachine.disk.edit(MATRIX_PATH, JSON.stringify(MATRIX));
    await this.startAdmin();
    await this.startFf();
    const [first] = this.replicas;
    if (first !== undefined) await seedFlags(first, REGISTRY);
  }

  async startFf(): Promise<void> {
    const tokensOf = (process: SimProcess, shared: SharedTexts): TokenReader =>
      this.issuer.tokensOf(process, 'ptt-ff', shared);
    const options = { replicas: this.#size.replicas, admins: this.#admins, tokensOf };
    this.#ff = await FfProcess.start(this.ffMachine, options, this.#site);
    this.#replicas = this.#ff.replicas;
  }

  async startAdmin(): Promise<void> {
    const tokensOf = (process: SimProcess): TokenReader => this.issuer.tokensOf(process, 'ptt-admin', null);
    this.#admin = await AdminProcess.start(this.adminMachine, { instances: this.#size.admins, tokensOf }, this.#site);
    this.#admins.instances = this.#admin.instances;
  }

  /** Everything of it ends, whatever it does; also what is only starting. */
  crashFf(what: 'machine' | 'processes'): void {
    const { watch, time } = this.#site;
    for (const { process } of this.replicas) watch.lived({ name: process.name, what: 'down', at: time.now });
    this.#ff = null;
    this.ffMachine.crash(what);
  }

  crashAdmin(what: 'machine' | 'processes'): void {
    const { watch, time } = this.#site;
    for (const { process } of this.instances) watch.lived({ name: process.name, what: 'down', at: time.now });
    this.#admin = null;
    this.adminMachine.crash(what);
  }

  /** One that a balancer would choose: any of them. */
  replica(chance: Chance): FfReplica {
    return chance.pick(this.replicas);
  }

  instance(chance: Chance): AdminInstance {
    return chance.pick(this.instances);
  }
}
