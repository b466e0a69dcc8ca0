import type { Cache, Invalidation } from '#libs/cache';

/** What a replica keeps of what others may change. */
export interface KeptByReplica {
  /** null where nothing is cached. */
  readonly cache: Pick<Cache, 'onInvalidate' | 'onSubscriptionBreak' | 'onSubscriptionRestored'> | null;
  /** The allows that it may use again. Structurally libs/gate's `Gate`. */
  readonly allows: AllowsKept;
  /** The issuer's keys. Structurally libs/identity's `TokenReader`. */
  readonly tokens: { forgetKeys(): void };
}

interface AllowsKept {
  onRefresh(target: ChangedTarget): void;
  onSubscriptionBreak(): void;
}

interface ChangedTarget {
  readonly target_type: string;
  readonly target_id: string;
}

/**
 * What a replica of FF forgets when it hears of a change, and when it may have missed one. All that it hears is a hint:
 * nothing is correct only because a message came.
 */
export class ChangeListener {
  readonly #kept: KeptByReplica;

  constructor(kept: KeptByReplica) {
    this.#kept = kept;
  }

  /** A `ptt.ff.invalidate` came, or this replica itself has committed what it tells of. */
  onInvalidate(message: Invalidation): void {
    const { cache, tokens } = this.#kept;
    cache?.onInvalidate(message);
    if (message.namespace === 'jwks') tokens.forgetKeys();
  }

  /** An `approval_ttl_refresh` came: an allow that was kept for its target may no longer hold. */
  onRefresh(target: ChangedTarget): void {
    this.#kept.allows.onRefresh(target);
  }

  /** The subscription of this channel was lost. */
  onBreak(channel: string): void {
    const { cache, allows } = this.#kept;
    allows.onSubscriptionBreak();
    if (channel === 'ptt.ff.invalidate') cache?.onSubscriptionBreak();
  }

  /** The server acknowledged the new subscription of this channel. */
  onRestored(channel: string): void {
    const { cache, allows, tokens } = this.#kept;
    allows.onSubscriptionBreak();
    if (channel !== 'ptt.ff.invalidate') return;
    cache?.onSubscriptionRestored();
    // That keys are to be forgotten may have been said while nobody heard it.
    tokens.forgetKeys();
  }
}
