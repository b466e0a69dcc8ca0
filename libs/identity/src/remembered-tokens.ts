import { LIMITS, type Clock } from '#libs/kernel';
import type { Claims } from './domain/claims.ts';
import type { KeySet, PublicKey } from './key-set.ts';

/**
 * Tokens that were verified, by the SHA-256 digest of the whole token. One counts while its times hold and its
 * key is the very key that verified it. Where there are too many, the one remembered first goes.
 */
export class RememberedTokens {
  readonly #keys: KeySet;
  readonly #clock: Clock;
  readonly #claims = new Map<string, { readonly claims: Claims; readonly key: PublicKey }>();

  constructor(keys: KeySet, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  get size(): number {
    return this.#claims.size;
  }

  get(digest: string): Claims | null {
    const remembered = this.#claims.get(digest);
    if (remembered === undefined) return null;
    const { claims, key } = remembered;
    if (isInTime(claims, this.#clock) && this.#keys.known(key.kid) === key) return claims;
    this.#claims.delete(digest);
    return null;
  }

  remember(digest: string, claims: Claims, key: PublicKey): void {
    if (this.#claims.size >= LIMITS.rememberedTokens) {
      for (const oldest of this.#claims.keys()) {
        this.#claims.delete(oldest);
        break;
      }
    }
    this.#claims.set(digest, { claims, key });
  }
}

export function isInTime(claims: Claims, clock: Clock): boolean {
  const at = clock.now();
  return claims.from <= at && at < claims.until;
}
