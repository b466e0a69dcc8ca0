import { unreachable } from '#libs/kernel';
import type { FfReplica } from '../world/ff-replica.ts';
import type { Machine } from '../world/machine.ts';
import type { Site } from '../world/site.ts';
import type { Topology } from '../world/topology.ts';
import type { Disturbances } from './disturbances.ts';
import { ANYBODY } from './conditions.ts';
import { crashing } from './crash.ts';
import type { Fault } from './kinds.ts';

/** A lost subscription is noticed no later. */
const NOTICED_MS = 2_000;
const REDIS = 'redis';
/** What was acknowledged is on another server by then. */
const LONGEST_LAG_MS = 2_000;

/** Has the faults of a plan happen, each when its time comes, and everything whole again at its end. */
export class Injector {
  readonly #topology: Topology;
  readonly #site: Site;
  readonly #disturbances: Disturbances;
  /** What is to be undone, should the end come first. */
  readonly #open = new Set<() => void>();

  constructor(topology: Topology, site: Site, disturbances: Disturbances) {
    this.#topology = topology;
    this.#site = site;
    this.#disturbances = disturbances;
  }

  arm(plan: readonly Fault[]): void {
    for (const fault of plan) this.#site.time.after(fault.at - this.#site.time.now, () => this.#begin(fault));
  }

  /** Everything that is still wrong begins to be put right. */
  heal(): void {
    for (const mend of this.#open) mend();
  }

  #begin(fault: Fault): void {
    const { time } = this.#site;
    const nodes: string[] = [];
    const mend = this.#act(fault, nodes);
    const end = this.#disturbances.begin(fault.kind, nodes, time.now);
    if (mend === null) return end(time.now);
    const undo = (): void => {
      if (!this.#open.delete(undo)) return;
      Promise.resolve(mend()).then(() => end(time.now), this.#site.failed);
    };
    this.#open.add(undo);
    time.after(fault.forMs, undo);
  }

  /** @returns how it is put right; null where nothing is left to be */
  #act(fault: Fault, nodes: string[]): (() => Promise<void> | void) | null {
    const { conditions, tier, chance, wall } = this.#site;
    const topology = this.#topology;
    const { kind, size } = fault;
    switch (kind) {
      case 'bus-cut':
        return this.#cutBus(this.#replica(fault, nodes), fault);
      case 'tier-cut':
        return this.#cutTier(this.#replica(fault, nodes), size);
      case 'reply-lost': {
        const node = this.#anybody(fault, nodes);
        return size < 0.6 ? conditions.loseReplies(kind, REDIS, node) : conditions.loseReplies(kind, node, ANYBODY);
      }
      case 'tier-flush':
        conditions.feel(kind, tier.flushAll());
        return null;
      case 'tier-evict':
        conditions.feel(kind, tier.evict(chance('evictions'), size));
        return null;
      case 'tier-failover':
        return this.#failOver(fault);
      case 'admin-cut': {
        const { process } = this.#replica(fault, nodes);
        const ways = topology.instances.flatMap(({ process: admin }) => [
          ...(size < 0.7 ? [[process.name, admin.name] as const] : []),
          ...(size > 0.3 ? [[admin.name, process.name] as const] : []),
        ]);
        return all(ways.map(([from, to]) => conditions.cut(kind, from, to)));
      }
      case 'slow-network':
        return conditions.slowWays(this.#anybody(fault, nodes), 5 + 400 * size);
      case 'slow-store': {
        const { process } = this.#replica(fault, nodes);
        return conditions.slowStore(process.name, 10 + 3_000 * size * size);
      }
      case 'slow-disk':
        if (fault.target % 2 === 0) return this.#slowDisk(topology.ffMachine, topology.replicas, size, nodes);
        return this.#slowDisk(topology.adminMachine, topology.instances, size, nodes);
      case 'ff-crash':
        if (topology.ff === null) return null;
        return crashing(
          fault,
          {
            machine: topology.ffMachine,
            crash: (what) => topology.crashFf(what),
            start: () => topology.startFf(),
          },
          this.#site,
        );
      case 'admin-crash':
        if (topology.admin === null) return null;
        return crashing(
          fault,
          {
            machine: topology.adminMachine,
            crash: (what) => topology.crashAdmin(what),
            start: () => topology.startAdmin(),
          },
          this.#site,
        );
      case 'replica-pause':
        return this.#pause(this.#replica(fault, nodes));
      case 'replica-restart': {
        const { ff } = topology;
        if (ff === null) return null;
        this.#replica(fault, nodes);
        conditions.feel(kind);
        return () => ff.restart(fault.target % ff.replicas.length);
      }
      case 'clock-step': {
        const machine = fault.target % 2 === 0 ? 'ff' : 'admin';
        wall(machine).set((size - 0.5) * 20_000, this.#site.time.now);
        conditions.feel(kind);
        return null;
      }
      case 'issuer-cut': {
        const names = [...topology.replicas, ...topology.instances].map(({ process }) => process.name);
        return all(names.map((name) => conditions.cut(kind, name, topology.issuer.process.name)));
      }
      case 'tier-lossy':
        // Calls come through at times; most subscribers' connections do not live through it.
        return all([
          conditions.drop(kind, REDIS, 0.3 + 0.6 * size),
          ...topology.replicas
            .filter((_, index) => index !== fault.target % topology.replicas.length)
            .map((replica) => this.#cutBus(replica, fault)),
        ]);
      default:
        return unreachable(kind);
    }
  }

  /** Any replica or instance. */
  #anybody({ target }: Fault, nodes: string[]): string {
    const { replicas, instances } = this.#topology;
    const names = [...replicas, ...instances].map(({ process }) => process.name);
    const node = names[target % names.length];
    if (node === undefined) throw new Error('there is nobody');
    nodes.push(node);
    return node;
  }

  #replica({ target }: Fault, nodes: string[]): FfReplica {
    const { replicas } = this.#topology;
    const replica = replicas[target % replicas.length];
    if (replica === undefined) throw new Error('there is no replica');
    nodes.push(replica.process.name);
    return replica;
  }

  #slowDisk(
    machine: Machine,
    users: readonly { readonly process: { readonly name: string } }[],
    size: number,
    nodes: string[],
  ): () => void {
    nodes.push(...users.map(({ process }) => process.name));
    machine.slowMs = 5 + 200 * size;
    return () => {
      machine.slowMs = 0;
    };
  }

  #cutBus({ bus, process }: FfReplica, { kind, size }: Fault): () => void {
    const { watch, time, conditions } = this.#site;
    if (bus.cut(50 + size * (NOTICED_MS - 50))) conditions.feel(kind);
    watch.lived({ name: process.name, what: 'cut', at: time.now });
    return () => bus.restore(() => watch.lived({ name: process.name, what: 'restored', at: time.now }));
  }

  #cutTier({ tier, process }: FfReplica, size: number): () => void {
    const { conditions } = this.#site;
    const mends = [
      ...(size < 0.7 ? [conditions.cut('tier-cut', process.name, REDIS)] : []),
      ...(size > 0.3 ? [conditions.cut('tier-cut', REDIS, process.name)] : []),
    ];
    return () => {
      for (const mend of mends) mend();
      tier.reconnect();
    };
  }

  /** Every connection breaks, and what was acknowledged last is lost. */
  #failOver(fault: Fault): () => void {
    const { conditions, tier } = this.#site;
    const replicas = [...this.#topology.replicas];
    const ends = replicas.map((replica) => this.#cutBus(replica, fault));
    const cuts = replicas.flatMap(({ process: { name } }) => [
      conditions.cut('tier-failover', name, REDIS),
      conditions.cut('tier-failover', REDIS, name),
    ]);
    conditions.feel('tier-failover', tier.failOver(fault.size * LONGEST_LAG_MS));
    return () => {
      for (const mend of cuts) mend();
      for (const end of ends) end();
      for (const replica of replicas) replica.tier.reconnect();
    };
  }

  #pause({ process }: FfReplica): () => void {
    const { watch, time, conditions } = this.#site;
    process.life.pause();
    watch.lived({ name: process.name, what: 'paused', at: time.now });
    return () => {
      conditions.feel('replica-pause', process.life.held);
      watch.lived({ name: process.name, what: 'resumed', at: time.now });
      process.life.resume();
    };
  }
}

function all(mends: readonly (() => void)[]): () => void {
  return () => {
    for (const mend of mends) mend();
  };
}
