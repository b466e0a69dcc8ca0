import type { VerifyingKey } from './signatures.ts';

/** A key of the issuer's. The same object as long as the issuer publishes the same key. */
export interface PublicKey {
  readonly kid: string;
  /** The only algorithms that a signature by this key may name. */
  readonly algorithms: readonly string[];
  readonly key: VerifyingKey;
}

/** How it stands with an issuer's keys, for readiness. Structurally libs/platform's `DependencyStatus`, but for its name. */
export interface KeysStanding {
  readonly status: 'up' | 'down';
  readonly detail: string;
  /** True when no token at all can be verified: the last good keys go on while the issuer is down. */
  readonly required: boolean;
}

/** The issuer's keys, as they are known here. */
export abstract class KeySet {
  /** The key, without waiting; undefined when it is unknown or what is known no longer counts. */
  abstract known(kid: string): PublicKey | undefined;

  /** The key, asked for where needed; null when the issuer does not publish it. @throws PttError `issuer_unavailable` */
  abstract find(kid: string): Promise<PublicKey | null>;

  /**
   * How it stands with them, without waiting. Keys that were never read are asked for, and those that could not be
   * the last time: an instance that takes no traffic for want of them has nobody else who asks.
   */
  abstract standing(): KeysStanding;

  /** Forgets: the next call asks the issuer (trigger `manual_op`). */
  abstract flush(): void;
}
