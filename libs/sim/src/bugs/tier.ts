import { type CacheNamespace, type Invalidation, type Lease, MemoryTier } from '#libs/cache';
import { type Bug, overlaid } from './bug.ts';

const TESTS = ['memory-tier', 'changes', 'races', 'tier'].map((name) => `libs/cache/src/${name}.test.ts`);
const USERS = 'ptt:ff:override:user:';

/** Faults of the shared tier. */
export const BUGS: readonly Bug[] = [
  {
    id: 'lease-outlives-delete',
    invariant: 'I4',
    what: 'A delete leaves the lease of a user’s override alive, so that an older load still fills.',
    tests: TESTS,
    plant: () =>
      overlaid(
        MemoryTier,
        class extends MemoryTier {
          override async announce(message: Invalidation): Promise<void> {
            const { key } = message;
            const before = key === undefined ? undefined : this.held.get(key);
            await super.announce(message);
            if (key?.startsWith(USERS) && before?.lease) this.held.set(key, { ...before, entry: null });
          }
        },
      ),
  },
  {
    id: 'second-lease',
    invariant: 'I4',
    what: 'Whoever finds a user’s override old enough to be read anew is lent a lease, also where somebody has one.',
    tests: TESTS,
    plant: () =>
      overlaid(
        MemoryTier,
        class extends MemoryTier {
          override get(namespace: CacheNamespace, key: string, refresh: boolean) {
            const held = this.held.get(key);
            if (key.startsWith(USERS) && held?.entry) this.held.set(key, { ...held, lease: null });
            return super.get(namespace, key, refresh);
          }
        },
      ),
  },
  {
    id: 'epoch-not-counted-on-fill',
    invariant: 'I4',
    what: 'A fill of a user’s override counts, also when its namespace was dropped since the lease was given.',
    tests: TESTS,
    plant: () =>
      overlaid(
        MemoryTier,
        class extends MemoryTier {
          override fill(namespace: CacheNamespace, key: string, lease: Lease, text: string) {
            const held = this.held.get(key);
            const epoch = this.epochs.get(namespace) ?? 0;
            if (held !== undefined && key.startsWith(USERS)) this.held.set(key, { ...held, epoch });
            return super.fill(namespace, key, lease, text);
          }
        },
      ),
  },
];
