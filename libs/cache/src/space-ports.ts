import type { Clock, Scheduler } from '#libs/kernel';
import type { Codec, Stored } from './entry.ts';
import type { CacheNamespace } from './namespaces.ts';
import type { TierAccess } from './tier-access.ts';

/** What is cached, and where it comes from. A key has two parts so that a hit needs no text of it. */
export interface SpaceOptions<T> {
  readonly namespace: CacheNamespace;
  keyOf(group: string, member: string): string;
  readonly codec: Codec<T>;
  /** Reads the store. "None" has a version too: that of its tombstone. */
  load(group: string, member: string): Stored<T> | Promise<Stored<T>>;
}

/** Told of an entry whose time is over. */
export type OnExpired = (namespace: CacheNamespace, key: string, version: number) => void;

/** How much one space keeps. */
export interface CacheBounds {
  readonly entries: number;
  readonly fences: number;
}

/** What a space needs of its replica's cache. */
export interface SpacePorts {
  readonly tier: TierAccess;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly bounds: CacheBounds;
  /** False while messages may be missed: then nothing that is kept in process counts. */
  readonly isListening: () => boolean;
  readonly onExpired: OnExpired;
  readonly report: (failure: unknown) => void;
}

/** Reads and what became of them, since the start. */
export interface SpaceStats {
  readonly hit: number;
  readonly miss: number;
  readonly stale: number;
  readonly uncached: number;
  /** Entries of the tier that were none of ours. */
  readonly foreign: number;
  /** Versions that went for want of room: for one hard TTL after each was heard of, what is shared is not asked for. */
  readonly forgotten: number;
  readonly entries: number;
}
