import { readFile, stat } from 'node:fs/promises';
import type { Clock, Instant } from '#libs/kernel';
import { isTokenShaped } from './domain/bearer.ts';
import type { DevelopmentIssuer, TokenRequest } from './development-issuer/development-issuer.ts';

/** A service's own token for another service. */
export abstract class ServiceToken {
  /** Rejects when there is none to be had. */
  abstract current(): Promise<string>;
}

/** Long enough to be minted rarely, short enough to be worth little to a thief. */
const TTL_SECONDS = 600;
const RENEW_AFTER_MS = 0.8 * TTL_SECONDS * 1_000;

/** Minted by the development issuer in process, and renewed well before it expires. */
export class MintedServiceToken extends ServiceToken {
  readonly #issuer: DevelopmentIssuer;
  readonly #clock: Clock;
  readonly #request: ServiceTokenRequest;
  #minted: { readonly token: Promise<string>; readonly at: Instant } | null = null;

  constructor(issuer: DevelopmentIssuer, clock: Clock, request: ServiceTokenRequest) {
    super();
    this.#issuer = issuer;
    this.#clock = clock;
    this.#request = request;
  }

  async current(): Promise<string> {
    const at = this.#clock.now();
    const minted = this.#minted;
    // A clock that stepped back would make the token one of the future.
    if (minted !== null && at >= minted.at && at - minted.at < RENEW_AFTER_MS) return minted.token;
    const token = this.#issuer.issue({ ...this.#request, ttlSeconds: TTL_SECONDS });
    const fresh = { token, at };
    this.#minted = fresh;
    try {
      return await token;
    } catch (error) {
      if (this.#minted === fresh) this.#minted = null;
      throw error;
    }
  }
}

/** For FF's gate: subject `ff`, audience `ptt-admin`, scopes `admin:check` and `admin:read`. */
export type ServiceTokenRequest = Pick<TokenRequest, 'subject' | 'audience' | 'scopes'>;

/**
 * Read from a file (`PTT_FF_SERVICE_TOKEN_FILE`), and again when the file changed. While a changed file holds
 * nothing that could be a token, or cannot be read, the last one is used.
 */
export class FileServiceToken extends ServiceToken {
  readonly #path: string;
  #last: { readonly token: string; readonly version: string } | null = null;

  constructor(path: string) {
    super();
    this.#path = path;
  }

  async current(): Promise<string> {
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(this.#path, { bigint: true });
      const version = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
      if (this.#last?.version === version) return this.#last.token;
      const token = (await readFile(this.#path, 'utf8')).trim();
      if (!isTokenShaped(token))
        throw new Error('the file of the service token (PTT_FF_SERVICE_TOKEN_FILE) holds no token');
      this.#last = { token, version };
      return token;
    } catch (error) {
      if (this.#last !== null) return this.#last.token;
      throw error;
    }
  }
}
