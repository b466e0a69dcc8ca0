import type { Actor } from '#libs/kernel';
import type { KeysStanding } from './key-set.ts';

/** Who calls, and what has to be said about how we know. */
export interface Caller {
  readonly actor: Actor;
  /** `auth_not_verified` in decode-only mode; every answer carries it. */
  readonly warnings: readonly string[];
  /** The token as it came, to be passed to Admin; null when there is none that could be. */
  readonly token: string | null;
}

/** Turns a bearer token into a caller: one implementation for each verification mode. */
export abstract class TokenReader {
  /** What every answer has to say about how we know who calls; nothing where tokens are verified. */
  abstract readonly warnings: readonly string[];

  /**
   * The caller by the header `Authorization`. Answers without a promise where it can, since a remembered token
   * costs less than awaiting one.
   * @param connection what the header came on: the same header on the same connection costs least
   * @throws PttError `token_missing`, `token_invalid`, `issuer_unavailable` (thrown or rejected)
   */
  abstract read(authorization: string | undefined, connection?: object): Caller | Promise<Caller>;

  /** The caller by the token itself, as in `PTT-Subject-Token`. @throws as `read` does */
  abstract readToken(token: string): Caller | Promise<Caller>;

  /** How many tokens are remembered as verified, for metrics. */
  abstract readonly remembered: number;

  /** How it stands with the issuer's keys; null where no key is ever looked at. */
  abstract keys(): KeysStanding | null;

  /** Reads the issuer's keys anew before the next token is taken (trigger `manual_op`). */
  abstract forgetKeys(): void;
}
