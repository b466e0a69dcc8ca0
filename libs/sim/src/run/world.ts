import { MemoryBusHub } from '#libs/bus';
import { CACHE_LIMITS, type CacheBounds, type Invalidation } from '#libs/cache';
import { Chance } from '../chance.ts';
import { Conditions } from '../faults/conditions.ts';
import { Disturbances } from '../faults/disturbances.ts';
import { Injector } from '../faults/injector.ts';
import { FragileTier } from '../models/fragile-tier.ts';
import { Network } from '../net/network.ts';
import { RollingHash } from '../rolling-hash.ts';
import { WallClock } from '../time/node-time.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import { Ledger } from '../watch/ledger.ts';
import { Watch } from '../watch/watch.ts';
import { SimProcess } from '../world/process.ts';
import type { Site } from '../world/site.ts';
import { unexplained } from '../world/notices.ts';
import { isOutage } from '../world/outages.ts';
import { Topology, type TopologySize } from '../world/topology.ts';
import type { StoreNotice } from '#libs/platform';

/** Everything that there is in one run. */
export class World {
  readonly hash = new RollingHash();
  readonly time: VirtualTime;
  readonly watch = new Watch();
  readonly ledger = new Ledger();
  readonly disturbances = new Disturbances();
  readonly notices: StoreNotice[] = [];
  readonly topology: Topology;
  readonly injector: Injector;
  readonly site: Site;
  readonly #root: Chance;
  readonly #forks = new Map<string, number>();
  /** What nobody expected; the first one ends the run. */
  exception: { readonly error: unknown; readonly at: number } | null = null;

  constructor(seed: number, size: TopologySize) {
    this.#root = new Chance(seed);
    this.time = new VirtualTime(this.chance('ties'), this.hash);
    const conditions = new Conditions(this.chance('losses'));
    const network = new Network(this.time, this.chance('network'), conditions);
    const walls = new Map<string, WallClock>();
    const wall = (machine: string): WallClock => {
      const known = walls.get(machine) ?? new WallClock();
      walls.set(machine, known);
      return known;
    };
    const redis = new SimProcess('redis', this.time, wall('redis'));
    // A message takes its way like everything else; of one subscriber's messages the order holds.
    const hub = new MemoryBusHub((task) => void this.time.after(network.latency('redis', 'anybody'), task));
    const publish = (message: Invalidation): void => hub.send('ptt.ff.invalidate', JSON.stringify(message));
    const tier = new FragileTier(redis.clock, publish);
    tier.now = () => this.time.now;
    const failed = (error: unknown): void => {
      this.exception ??= { error, at: this.time.now };
    };
    this.site = {
      time: this.time,
      network,
      watch: this.watch,
      ledger: this.ledger,
      redis,
      tier,
      hub,
      conditions,
      bounds: boundsOf(this.chance('bounds')),
      failed,
      reported: (failure) => {
        if (!isOutage(failure)) failed(failure);
      },
      noticed: (notice) => {
        this.notices.push(notice);
        const fault = unexplained(notice, conditions.felt);
        if (fault !== null) failed(fault);
      },
      wall,
      chance: (concern) => this.chance(concern),
    };
    this.watch.add(this.ledger);
    // What was decided and answered, beside what happened when: two runs of a seed differ in nothing.
    this.watch.add({
      committed: ({ line }) => line.records.forEach(({ hash }) => this.hash.text(hash ?? '')),
      answered: ({ replica, outcome, detail }) => this.hash.text(`${replica} ${outcome} ${detail ?? ''}`),
      read: ({ version }) => this.hash.number(version),
      evaluated: ({ answer: { variant, reason } }) => this.hash.text(`${variant} ${reason}`),
    });
    this.topology = new Topology(size, this.site);
    this.injector = new Injector(this.topology, this.site, this.disturbances);
  }

  /** A stream of its own at every call, the same in every run of the seed. */
  chance(concern: string): Chance {
    const count = (this.#forks.get(concern) ?? 0) + 1;
    this.#forks.set(concern, count);
    return this.#root.fork(`${concern} ${count}`);
  }
}

/** In one world of four there is not room for all that is asked for: entries and fences go before their time. */
function boundsOf(chance: Chance): CacheBounds {
  return chance.chance(0.25) ? { entries: 3 + chance.below(8), fences: 1 + chance.below(4) } : CACHE_LIMITS;
}
