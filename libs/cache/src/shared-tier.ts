import type { JsonObject } from '#libs/kernel';
import { CACHE_NAMESPACES, type CacheNamespace } from './namespaces.ts';

/** Leave to fill one key, for a while. */
export type Lease = string;

/** What a tier has for a key. */
export type SharedGet =
  | {
      readonly kind: 'entry';
      readonly text: string;
      /** Milliseconds to its hard end, by the tier's clock. */
      readonly leftMs: number;
      /** Where it was asked for and nobody else refreshes. */
      readonly lease: Lease | null;
    }
  | { readonly kind: 'lease'; readonly lease: Lease }
  /** Somebody else is loading it. */
  | { readonly kind: 'leased' };

/** A `ptt.ff.invalidate`, as far as a tier reads it. */
export type Invalidation = JsonObject & {
  readonly namespace: CacheNamespace;
  /** The entry that must not be older than `version`; with neither, the whole namespace is dropped. */
  readonly key?: string;
  readonly version?: number;
};

/** Whether a tier can act on it. */
export function isInvalidation(payload: JsonObject): payload is Invalidation {
  const { namespace, key, version } = payload;
  if (!CACHE_NAMESPACES.some((one) => one === namespace)) return false;
  if (key === undefined) return version === undefined;
  return typeof key === 'string' && typeof version === 'number' && Number.isSafeInteger(version);
}

/** The tier did not do it, or did not say so. */
export class TierUnreachable extends Error {
  override readonly name = 'TierUnreachable';
}

/**
 * What all replicas share, so that a new or invalidated one need not go to the store. Each call is one atomic step.
 * Every one may throw TierUnreachable, and may have been done all the same.
 */
export abstract class SharedTier {
  /**
   * The entry where one counts; else leave to fill it for whoever asks first.
   * @param refresh asks for leave to fill an entry past its soft end as well, while others still get it
   */
  abstract get(namespace: CacheNamespace, key: string, refresh: boolean): Promise<SharedGet>;

  /**
   * Puts the entry where the lease is. Does nothing when the lease was killed, has run out, or its namespace was
   * dropped since. The entry ends one hard TTL after the lease was lent, since the store was read after that: how long the
   * fill was on its way is not known, and what is left of the lease tells when it was lent.
   */
  abstract fill(namespace: CacheNamespace, key: string, lease: Lease, text: string): Promise<boolean>;

  /**
   * Deletes the entry, and the lease in its place, or drops the namespace; and publishes the message. May be repeated,
   * and come in any order.
   */
  abstract announce(message: Invalidation): Promise<void>;

  /** Drops every namespace, and tells nobody. */
  abstract raiseEpochs(): Promise<void>;

  /** Calls back when the connection was lost and is there again: what was deleted meanwhile is not known. */
  abstract onReconnected(listener: () => void): void;
}
