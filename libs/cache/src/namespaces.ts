export const CACHE_NAMESPACES = ['flag', 'override', 'evaluated', 'jwks'] as const;
export type CacheNamespace = (typeof CACHE_NAMESPACES)[number];

/** After so long an entry is gone, whatever happens: contracts/cache_invalidation_contract.json. In milliseconds. */
export const HARD_MS: Readonly<Record<CacheNamespace, number>> = {
  flag: 300_000,
  override: 60_000,
  evaluated: 30_000,
  jwks: 3_600_000,
};

/** How long before its hard end an entry is past its soft one: it is refreshed ahead from 80 % of its time on. */
export function refreshAheadMs(namespace: CacheNamespace): number {
  return HARD_MS[namespace] / 5;
}

/** Every bound of the cache, each with its reason. Times in milliseconds. */
export const CACHE_LIMITS = {
  /** Entries of one space in process: a registry of the largest size, at some 300 bytes a slot. */
  entries: 50_000,
  /**
   * Fences of one space: more than entries, since they outlive them; two numbers and a key each. Those of keys that are being
   * loaded stay beyond it.
   */
  fences: 100_000,
  /** A longer key is not cached. An override's has at most 3,480 characters: a flag's key of 128 and an id of 256, up to 9 for one. */
  keyLength: 4_096,
  /** Entries and leases of a tier in memory. */
  tierEntries: 200_000,
  /** Of their keys and texts, 64 to 128 MB: most entries have some 400, and one in a thousand ten times as many. */
  tierCharacters: 67_108_864,
  /** Whoever fills has loaded by then, or is as good as dead. */
  leaseMs: 2_000,
  /** A load that takes longer has lost its lease, and answers nobody: a read that a store keeps waiting fails by then. */
  loadMs: 2_000,
  /** A tier that has not answered by then is slower than the store. */
  tierCallMs: 250,
  /** An unreachable tier is not asked again sooner. */
  tierPauseMs: 1_000,
  /** Between two looks at what to refresh ahead, and after a refresh that failed. */
  tickMs: 1_000,
  /**
   * Refreshes and ends of one look, at some 50 µs each: what a space loaded within a second falls due within one, and the
   * process has others to answer.
   */
  lookActs: 100,
  /** Until a look that left some goes on: a full space is done in 5 s of the 12 s that an override is past its soft end. */
  lookPauseMs: 10,
} as const;
