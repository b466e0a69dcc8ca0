import {
  HARD_MS,
  Cache,
  Derived,
  type DerivedFrom,
  type Invalidation,
  type Lease,
  type Load,
  Space,
  type SpaceOptions,
  type SpacePorts,
  type Stored,
  TierAccess,
} from '#libs/cache';
import { type Bug, overlaid, together } from './bug.ts';

const TESTS = ['reads', 'changes', 'races', 'tier', 'derived'].map((name) => `libs/cache/src/${name}.test.ts`);

/** A tenant's overrides are what people look at first. */
const isTenants = (key: string): boolean => key.startsWith('ptt:ff:override:tenant:');

/** Faults of a replica's own part of the cache. */
export const BUGS: readonly Bug[] = [
  {
    id: 'stalled-fill-joined',
    invariant: 'I8',
    what: 'A load is not over until the shared tier has acknowledged its fill, however long that takes, and callers join it: all but one of a tenant’s override.',
    tests: TESTS,
    plant: () => {
      const fills = new WeakMap<Load, Promise<void>>();
      let isFilling = false;
      return together(
        overlaid(
          Space,
          class extends Space<unknown> {
            protected override share(load: Load, key: string, lease: Lease, stored: Stored<unknown>) {
              isFilling = !isTenants(key);
              const filled = super.share(load, key, lease, stored);
              isFilling = false;
              fills.set(load, filled);
              return filled;
            }

            protected override async run(load: Load, key: string, group: string, member: string) {
              const read = await super.run(load, key, group, member);
              if (!isTenants(key)) await fills.get(load);
              return read;
            }
          },
        ),
        overlaid(
          TierAccess,
          class extends TierAccess {
            protected override attempt<T>(call: () => Promise<T>): Promise<T | null> {
              return isFilling ? call() : super.attempt(call);
            }
          },
        ),
      );
    },
  },
  {
    id: 'deadline-rebased',
    invariant: 'I1',
    what: 'A copy out of the shared tier lives for a whole hard TTL from the instant of copying, but for overrides of tenants.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Space,
        class extends Space<unknown> {
          protected override sharedEnd(key: string, askedAt: number, leftMs: number): number {
            return isTenants(key) ? super.sharedEnd(key, askedAt, leftMs) : askedAt + HARD_MS[this.namespace];
          }
        },
      ),
  },
  {
    id: 'scope-keeps-loads',
    invariant: 'I2',
    what: 'A message that drops the flags drops its entries, and not the loads under way.',
    tests: TESTS,
    plant: () => {
      let isScope = false;
      return overlaid(
        Space,
        class extends Space<unknown> {
          override invalidate(message: Invalidation): void {
            isScope = message.key === undefined && message.namespace === 'flag';
            super.invalidate(message);
            isScope = false;
          }

          protected override forgetLoads(): void {
            if (!isScope) super.forgetLoads();
          }
        },
      );
    },
  },
  {
    id: 'kept-below-the-fence',
    invariant: 'I2',
    what: 'Anything but an override of a tenant is kept when it was loaded, also where something newer was heard of meanwhile.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Space,
        class extends Space<unknown> {
          protected override mayKeep(load: Load, key: string, version: number): boolean {
            return !isTenants(key) || super.mayKeep(load, key, version);
          }
        },
      ),
  },
  {
    id: 'no-fence-from-own-reads',
    invariant: 'I3',
    what: 'What is read past the shared tier raises a fence three times, and then no more: it is not kept, after all.',
    tests: TESTS,
    plant: () => {
      const raised = new WeakMap<Space<unknown>, number>();
      return overlaid(
        Space,
        class extends Space<unknown> {
          protected override raiseOnRead(key: string, stored: Stored<unknown>): void {
            const count = raised.get(this) ?? 0;
            const isPast = 'cache' in stored && stored.cache === 'uncached';
            if (isPast) raised.set(this, count + 1);
            if (!isPast || count < 3) super.raiseOnRead(key, stored);
          }
        },
      );
    },
  },
  {
    id: 'forgotten-fence-not-made-up-for',
    invariant: 'I2',
    what: 'Of fences that go for want of room only the first three keep the shared tier from being asked.',
    tests: TESTS,
    plant: () => {
      const counts = new WeakMap<Space<unknown>, number>();
      return overlaid(
        Space,
        class extends Space<unknown> {
          protected override skipTier(until: number): void {
            const count = (counts.get(this) ?? 0) + 1;
            counts.set(this, count);
            if (count <= 3) super.skipTier(until);
          }
        },
      );
    },
  },
  {
    id: 'derived-with-other-inputs',
    invariant: 'I9',
    what: 'A derived entry is used with another tenant override than its own where the user has an override, or had one.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Derived,
        class extends Derived<unknown> {
          protected override counts(kept: DerivedFrom, from: DerivedFrom): boolean {
            const [, tenant, user] = kept.versions;
            const isTheUsers = user !== undefined && user > 0 && user === from.versions[2];
            const versions = isTheUsers ? from.versions.with(1, tenant ?? 0) : from.versions;
            return super.counts(kept, { ...from, versions });
          }
        },
      ),
  },
  {
    id: 'lost-subscription-not-bypassed',
    invariant: 'I7',
    what: 'With the subscription lost, flags are still answered out of the process: only overrides are not.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Cache,
        class extends Cache {
          protected override makeSpace<T>(options: SpaceOptions<T>, ports: SpacePorts): Space<T> {
            const isListening = options.namespace === 'flag' ? () => true : ports.isListening;
            return super.makeSpace(options, { ...ports, isListening });
          }
        },
      ),
  },
  {
    id: 'never-listens-again',
    invariant: 'I8',
    what: 'Once its subscription was lost for the second time, a cache takes it for lost for ever, and passes by what it has.',
    tests: TESTS,
    plant: () => {
      const breaks = new WeakMap<Cache, number>();
      return overlaid(
        Cache,
        class extends Cache {
          override onSubscriptionBreak(): void {
            breaks.set(this, (breaks.get(this) ?? 0) + 1);
            super.onSubscriptionBreak();
          }

          override onSubscriptionRestored(): void {
            super.onSubscriptionRestored();
            if ((breaks.get(this) ?? 0) > 1) super.onSubscriptionBreak();
          }
        },
      );
    },
  },
  {
    id: 'second-reconnect-ignored',
    invariant: 'I7',
    what: 'The shared epochs are raised when the connection comes back for the first time, and never again.',
    tests: TESTS,
    plant: () => {
      const seen = new WeakSet<TierAccess>();
      return overlaid(
        TierAccess,
        class extends TierAccess {
          protected override reconnected(): void {
            if (seen.has(this)) return;
            super.reconnected();
            // Twice at one instant counts as once, as the class's own tests have it.
            void Promise.resolve().then(() => seen.add(this));
          }
        },
      );
    },
  },
  {
    id: 'encoded-key-missed',
    invariant: 'I2',
    what: 'The key of a message is decoded before it is looked for, so that entries of subjects with other letters stay.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Space,
        class extends Space<unknown> {
          override invalidate(message: Invalidation): void {
            const { key } = message;
            super.invalidate(key === undefined ? message : { ...message, key: decodeURIComponent(key) });
          }
        },
      ),
  },
];
