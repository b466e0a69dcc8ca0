import type { Instant } from '#libs/kernel';
import type { Evaluation } from '../domain/evaluation.ts';
import type { Flag } from '../domain/flag.ts';
import type { HeldOverride, OverrideScope } from '../domain/override.ts';
import type { Awaitable } from './awaitable.ts';
import type { Stored } from './stored.ts';

/** All from a cache; one from the store; one from a cache while it is being refreshed; past the cache, or none is there. */
export type CacheState = 'hit' | 'miss' | 'stale' | 'uncached';

/** What an evaluation before the gate depends on, beside the rules themselves. */
export interface DerivedFrom {
  readonly flagKey: string;
  /** Of the flag, the tenant's and the user's override; tombstones count. */
  readonly versions: readonly [flag: number, tenant: number, user: number];
  readonly tenantId: string | null;
  readonly userId: string | null;
  /** A digest that tells tenant, user, context and what is withheld from all others. */
  readonly subject: string;
  readonly at: Instant;
  /** The first instant at which one of the overrides no longer counts; Infinity where none ends. */
  readonly endsAt: Instant;
}

/** What one request reads, all of it at one instant of the cache. */
export interface InputReader {
  /** Where what was read so far came from. */
  readonly cache: CacheState;
  /** @throws PttError store_unavailable */
  flag(key: string): Awaitable<Stored<Flag>>;
  /** @throws PttError store_unavailable */
  override(flagKey: string, scope: OverrideScope, subjectId: string): Awaitable<Stored<HeldOverride>>;
  /** What `evaluate` gave for just these inputs before, where that is remembered; else what it gives now. */
  derived(from: DerivedFrom, evaluate: () => Evaluation): Evaluation;
}

/** Where evaluations read definitions and overrides. */
export abstract class FlagInputs {
  /** Before the first read of each request. */
  abstract begin(): Awaitable<InputReader>;
  /** What answers must warn of: `cache_unavailable` while there should be a cache and is none. */
  abstract readonly warnings: readonly string[];
}
