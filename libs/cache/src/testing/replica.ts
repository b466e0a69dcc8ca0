import { type JsonValue, PttError } from '#libs/kernel';
import { ManualClock, settle } from '#libs/platform/testing';
import {
  Cache,
  CACHE_LIMITS,
  type CacheBounds,
  type CacheState,
  type Invalidation,
  MemoryTier,
  type Read,
  type Space,
  type Stored,
} from '../index.ts';
import type { SharedTier } from '../shared-tier.ts';

const codec = {
  write: (value: string): JsonValue => value,
  read: (json: JsonValue): string => {
    if (typeof json === 'string') return json;
    throw new PttError('internal', { detail: 'The value is no text.' });
  },
};

/** A store of texts that counts its reads, and can be made to wait or fail. */
export class CountedStore {
  readonly rows = new Map<string, Stored<string>>();
  reads = 0;
  /** Runs before each answer. */
  before: () => Promise<void> = () => Promise.resolve();

  set(key: string, value: string | null, version: number): void {
    this.rows.set(key, { value, version });
  }

  async load(key: string): Promise<Stored<string>> {
    this.reads += 1;
    const found = this.rows.get(key) ?? { value: null, version: 0 };
    await this.before();
    return found;
  }
}

export const keyOf = (group: string, member: string): string => `ptt:ff:override:tenant:${member}:${group}`;

/** A change of one key, as the bus tells of it. */
export function changed(member: string, version: number, group = 'f'): Invalidation {
  return { namespace: 'override', key: keyOf(group, member), version };
}

/** Everything of the namespace. */
export const DROPPED: Invalidation = { namespace: 'override', scope: {}, epoch: 1 };

/** Replicas over one tier and one store, on one clock. */
export class Replicas {
  readonly clock = new ManualClock();
  readonly store = new CountedStore();
  readonly published: Invalidation[] = [];
  readonly memory = new MemoryTier(this.clock, (message) => void this.published.push(message));
  readonly failures: unknown[] = [];
  readonly expired: string[] = [];

  replica(tier: SharedTier = this.memory, bounds: CacheBounds = CACHE_LIMITS): Replica {
    const cache = new Cache({
      tier,
      clock: this.clock,
      scheduler: this.clock,
      bounds,
      report: (failure) => void this.failures.push(failure),
    });
    cache.onExpired((_namespace, key) => void this.expired.push(key));
    const space = cache.space({
      namespace: 'override',
      keyOf,
      codec,
      load: (_group, member) => this.store.load(member),
    });
    return new Replica(cache, space, this.clock);
  }
}

export class Replica {
  constructor(
    readonly cache: Cache,
    readonly space: Space<string>,
    readonly clock: ManualClock,
  ) {}

  begin(member: string, group = 'f'): Promise<Read<string>> {
    return Promise.resolve(this.space.read(group, member, this.clock.monotonicMs()));
  }

  /** A read, with all that it set off. */
  async read(member: string, group = 'f'): Promise<readonly [string | null, number, CacheState]> {
    const { value, version, cache } = await this.begin(member, group);
    await settle();
    return [value, version, cache];
  }
}
