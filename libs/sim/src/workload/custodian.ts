import { InvalidateCache } from '#libs/flags';
import { within } from '#libs/kernel';
import type { Chance } from '../chance.ts';
import { isAnswer, TimedOut } from '../world/outages.ts';
import { SimProcess } from '../world/process.ts';
import { execute } from '../world/routes.ts';
import type { Site } from '../world/site.ts';
import type { Topology } from '../world/topology.ts';
import { PEOPLE } from './golden.ts';

/** Between two rotations, and from one until the key before is taken out; in milliseconds, in the mean. */
const ROTATE_MS = 110_000;
const REMOVE_MS = 50_000;
const PATIENCE_MS = 10_000;

/** Whoever looks after the issuer's keys: rotates them, takes old ones out, and at times has that known at once. */
export class Custodian {
  readonly #topology: Topology;
  readonly #site: Site;
  readonly #chance: Chance;
  readonly #self: SimProcess;
  #isOver = false;

  constructor(topology: Topology, site: Site) {
    this.#topology = topology;
    this.#site = site;
    this.#chance = site.chance('custodian');
    this.#self = new SimProcess('custodian', site.time, site.wall('callers'));
  }

  begin(): void {
    this.#live().catch(this.#site.failed);
  }

  end(): void {
    this.#isOver = true;
  }

  async #live(): Promise<void> {
    const { time } = this.#site;
    while (!this.#isOver) {
      await time.pass(this.#chance.exponential(ROTATE_MS));
      if (this.#isOver) return;
      this.#topology.issuer.rotate();
      await time.pass(this.#chance.exponential(REMOVE_MS));
      if (this.#isOver) return;
      this.#topology.issuer.removeOldest();
      if (this.#chance.chance(0.6)) await this.#invalidate();
    }
  }

  async #invalidate(): Promise<void> {
    const { network } = this.#site;
    const replica = this.#topology.replica(this.#chance);
    const token = this.#topology.issuer.token(PEOPLE[0]);
    const by = { trace: { correlationId: 'custodian' }, connection: this.#self };
    const call = (): Promise<unknown> => execute(replica, token, new InvalidateCache('jwks', {}), by, this.#site);
    try {
      await within(
        this.#self.clock,
        PATIENCE_MS,
        () => network.call(this.#self, replica.process, call),
        () => new TimedOut(),
      );
    } catch (error) {
      // It was refused, or nobody answered: the key goes with the namespace's TTL then.
      if (!isAnswer(error)) throw error;
    }
  }
}
