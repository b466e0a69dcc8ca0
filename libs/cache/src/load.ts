import type { Lease } from './shared-tier.ts';
import type { Read } from './slots.ts';

/** One read of tier and store, and who waits for it. */
export interface Load {
  /** The fence of its key when it began. */
  readonly fence: number;
  /** How often the space had been dropped when it began. */
  readonly drops: number;
  /** Whether it is ahead of need: nobody waits for it yet. */
  readonly isRefresh: boolean;
}

export interface LoadUnderWay<T> extends Load {
  readonly answer: Promise<Read<T>>;
}

export interface Fetched<T> extends Read<T> {
  readonly hardAt: number;
  /** Null where it may not be shared, or is already. */
  readonly lease: Lease | null;
}
