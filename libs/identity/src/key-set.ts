import type { CryptoKey } from 'jose';

/** A key of the issuer's. The same object as long as the issuer publishes the same key. */
export interface PublicKey {
  readonly kid: string;
  /** The only algorithms that a signature by this key may name. */
  readonly algorithms: readonly string[];
  readonly key: CryptoKey;
}

/** The issuer's keys, as they are known here. */
export abstract class KeySet {
  /** The key, without waiting; undefined when it is unknown or what is known no longer counts. */
  abstract known(kid: string): PublicKey | undefined;

  /** The key, asked for where needed; null when the issuer does not publish it. @throws PttError `issuer_unavailable` */
  abstract find(kid: string): Promise<PublicKey | null>;

  /** Forgets: the next call asks the issuer (trigger `manual_op`). */
  abstract flush(): void;
}
