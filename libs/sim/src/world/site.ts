import type { MemoryBusHub } from '#libs/bus';
import type { CacheBounds } from '#libs/cache';
import type { StoreNotice } from '#libs/platform';
import type { Chance } from '../chance.ts';
import type { Conditions } from '../faults/conditions.ts';
import type { FragileTier } from '../models/fragile-tier.ts';
import type { Network } from '../net/network.ts';
import type { WallClock } from '../time/node-time.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Ledger } from '../watch/ledger.ts';
import type { Watch } from '../watch/watch.ts';
import type { SimProcess } from './process.ts';

/** What all that lives in a world shares. */
export interface Site {
  readonly time: VirtualTime;
  readonly network: Network;
  readonly watch: Watch;
  readonly ledger: Ledger;
  /** The machine of the shared tier and of the bus. */
  readonly redis: SimProcess;
  readonly tier: FragileTier;
  readonly hub: MemoryBusHub;
  readonly conditions: Conditions;
  /** How much each replica's cache keeps. */
  readonly bounds: CacheBounds;
  /** Told of an exception that nobody expected: it ends the run. */
  readonly failed: (error: unknown) => void;
  /** Told of what production reports and goes on over: what is no outage ends the run. */
  readonly reported: (failure: unknown) => void;
  /** Told of a store's notices: one that nothing in a world explains ends the run. */
  readonly noticed: (notice: StoreNotice) => void;
  /** One machine's wall clock, by its name. */
  readonly wall: (machine: string) => WallClock;
  /** One stream for each concern. */
  readonly chance: (concern: string) => Chance;
}
