export { Cache, type CachePorts } from './cache.ts';
export { Derived, type DerivedFrom, type DerivedOptions } from './derived.ts';
export { type Codec, readEntry, type Stored, writeEntry } from './entry.ts';
export type { Held } from './holdings.ts';
export { MemoryTier } from './memory-tier.ts';
export { CACHE_LIMITS, CACHE_NAMESPACES, type CacheNamespace, HARD_MS } from './namespaces.ts';
export {
  type Invalidation,
  isInvalidation,
  type Lease,
  type SharedGet,
  SharedTier,
  TierUnreachable,
} from './shared-tier.ts';
export { type AgedText, SharedTexts, type SharedTextsPorts, type TextWanted } from './shared-texts.ts';
export type { CacheState, Read } from './slots.ts';
export { TierAccess } from './tier-access.ts';
export type { Load } from './load.ts';
export { Space } from './space.ts';
export type { CacheBounds, OnExpired, SpaceOptions, SpacePorts, SpaceStats } from './space-ports.ts';
