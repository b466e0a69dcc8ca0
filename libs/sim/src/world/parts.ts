import type { ApprovalStore } from '#libs/approvals';
import { ChainedRecorder } from '#libs/audit';
import { type BusDriver, Outbox, Relay, type RelayOptions, type RelayPorts } from '#libs/bus';
import { Cache, type CachePorts, type Invalidation, type SharedTier } from '#libs/cache';
import type { FlagStore, OverrideStore } from '#libs/flags';
import { Gate, type GatePorts } from '#libs/gate';
import type { AuditRecorder, Clock, Ids } from '#libs/kernel';
import {
  type Disk,
  FileStore,
  type FileStoreOptions,
  ReplicaWrites,
  type ReplicaWritesHooks,
  type StoreCommits,
} from '#libs/platform';
import { FragileTier } from '../models/fragile-tier.ts';
import type { Life } from '../time/life.ts';

/** What a replica does when its subscription breaks and is acknowledged anew. */
export interface SubscriptionHooks {
  readonly onBreak: () => void;
  /** The connection is there again, and the subscription not yet acknowledged. */
  readonly onConnected: () => void;
  readonly onRestored: () => void;
}

/**
 * What a world is made of, where a planted fault can take the place of something. Here stands what production has; the
 * classes themselves know nothing of faults.
 */
export interface Parts {
  readonly cache: (ports: CachePorts) => Cache;
  readonly outbox: (clock: Clock) => Outbox;
  readonly relay: (ports: RelayPorts, options: RelayOptions) => Relay;
  readonly gate: (ports: GatePorts, reuseMs: number) => Gate;
  readonly writes: (store: StoreCommits, hooks: ReplicaWritesHooks) => StoreCommits;
  readonly sharedTier: (clock: Clock, publish: (message: Invalidation) => void) => FragileTier;
  readonly remoteTier: (tier: SharedTier) => SharedTier;
  readonly flags: (store: FlagStore) => FlagStore;
  readonly overrides: (store: OverrideStore) => OverrideStore;
  readonly approvals: (store: ApprovalStore, clock: Clock) => ApprovalStore;
  readonly recorder: (source: '/ptt/ff' | '/ptt/admin', ids: Ids) => AuditRecorder;
  readonly disk: (disk: Disk) => Disk;
  readonly open: (options: FileStoreOptions) => Promise<FileStore>;
  readonly bus: (driver: BusDriver) => BusDriver;
  readonly subscription: (cache: Cache, gate: Gate) => SubscriptionHooks;
  /** A promise as a process sees it: once it is dead, never. */
  readonly guard: <T>(life: Life, promise: Promise<T>) => Promise<T>;
}

export const PRODUCTION: Parts = {
  cache: (ports) => new Cache(ports),
  outbox: (clock) => new Outbox(clock),
  relay: (ports, options) => new Relay(ports, options),
  gate: (ports, reuseMs) => new Gate(ports, { reuseMs }),
  writes: (store, hooks) => new ReplicaWrites(store, hooks),
  sharedTier: (clock, publish) => new FragileTier(clock, publish),
  remoteTier: (tier) => tier,
  flags: (store) => store,
  overrides: (store) => store,
  approvals: (store) => store,
  recorder: (source, ids) => new ChainedRecorder(source, ids),
  disk: (disk) => disk,
  open: (options) => FileStore.open(options),
  bus: (driver) => driver,
  subscription: (cache, gate) => ({
    onBreak: () => {
      gate.onSubscriptionBreak();
      cache.onSubscriptionBreak();
    },
    onConnected: () => undefined,
    onRestored: () => {
      gate.onSubscriptionBreak();
      cache.onSubscriptionRestored();
    },
  }),
  guard: (life, promise) => life.guard(promise),
};
