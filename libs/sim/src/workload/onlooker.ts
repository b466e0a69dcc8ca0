import { isRecord, parseInstant } from '#libs/kernel';
import type { Chance } from '../chance.ts';
import { EPOCH } from '../time/virtual-time.ts';
import type { Commit, Witness } from '../watch/seen.ts';
import type { FfReplica } from '../world/ff-replica.ts';
import { SimProcess } from '../world/process.ts';
import type { Site } from '../world/site.ts';
import type { Topology } from '../world/topology.ts';
import type { Callers } from './callers.ts';
import { TENANTS } from './golden.ts';
import { person } from './operations.ts';

/** How long before the end of an approval, and after it, the flag is looked at, and how often; in milliseconds. */
const BEFORE_MS = 700;
const AFTER_MS = 300;
const LOOK_EVERY_MS = 40;

/** Looks at a flag again and again, at each replica, while the approval that it is on by comes to its end. */
export class Onlooker implements Witness {
  readonly #topology: Topology;
  readonly #callers: Callers;
  readonly #site: Site;
  readonly #chance: Chance;
  readonly #self: SimProcess;
  /** Approvals with their ends, each of which is waited for once. */
  readonly #waitedFor = new Set<string>();
  #isOver = false;

  constructor(topology: Topology, callers: Callers, site: Site) {
    this.#topology = topology;
    this.#callers = callers;
    this.#site = site;
    this.#chance = site.chance('onlooker');
    this.#self = new SimProcess('onlooker', site.time, site.wall('callers'));
  }

  /** Ends the looking on. */
  end(): void {
    this.#isOver = true;
  }

  committed({ store, line }: Commit): void {
    if (store !== 'admin') return;
    for (const { key, row } of line.changes) {
      if (!isRecord(row) || row['state'] !== 'signed_full') continue;
      const { target_id: flag, sla_deadline: end } = row;
      const endsAt = typeof end === 'string' ? parseInstant(end) : null;
      if (endsAt === null || typeof flag !== 'string' || this.#waitedFor.has(`${key} ${endsAt}`)) continue;
      this.#waitedFor.add(`${key} ${endsAt}`);
      this.#wait(flag, endsAt - EPOCH).catch(this.#site.failed);
    }
  }

  async #wait(flag: string, endsAt: number): Promise<void> {
    const { time } = this.#site;
    await time.pass(endsAt - BEFORE_MS - time.now);
    await Promise.all(this.#topology.replicas.map((replica) => this.#look(replica, flag, endsAt)));
  }

  async #look(replica: FfReplica, flag: string, endsAt: number): Promise<void> {
    const { time } = this.#site;
    const token = this.#topology.issuer.token(person(this.#chance));
    const subject = { tenantId: this.#chance.pick(TENANTS), userId: null, context: {} };
    while (!this.#isOver && time.now < endsAt + AFTER_MS) {
      await this.#callers.call(this.#self, replica, token, { to: 'ff', what: 'evaluate', flag, subject });
      await time.pass(this.#chance.exponential(LOOK_EVERY_MS));
    }
  }
}
