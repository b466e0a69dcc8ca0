import { importJWK, SignJWT, type JWK } from 'jose';
import { invariant, PttError, type Clock, type Instant } from '#libs/kernel';
import { IssuerKeysFile, newKey, type IssuerKey } from './issuer-keys.ts';

/** No token lives longer, so that a retired key can go after this long. */
const TTL_MAX_SECONDS = 86_400;
/** Beyond it: verifiers' leeway, and a process that read the keys just before they were rotated. */
const RETIRED_SLACK_MS = 60_000;

/** What a token is to say. */
export interface TokenRequest {
  /** Claim `sub`. */
  readonly subject: string;
  /** Claim `aud`: `ptt-ff`, `ptt-admin`, or both. */
  readonly audience: string | readonly string[];
  readonly scopes: readonly string[];
  readonly roles?: readonly string[];
  /** Bound to these tenants only; bound to none when absent. */
  readonly tenants?: readonly string[];
  readonly approvalRef?: string;
  /** At most a day. */
  readonly ttlSeconds: number;
}

/**
 * Issues tokens for development: real keys, real signatures, a real JWKS, and no question who asks. Everything
 * stands in its folder, so another process (`ptt token`) issues with the same keys, and after a restart the
 * tokens still hold.
 */
export class DevelopmentIssuer {
  /** The claim `iss`. */
  readonly url: string;
  readonly #file: IssuerKeysFile;
  readonly #clock: Clock;

  private constructor(url: string, file: IssuerKeysFile, clock: Clock) {
    this.url = url;
    this.#file = file;
    this.#clock = clock;
  }

  /** Makes the keys where there are none. @param options.folder `issuer/` in the data folder. */
  static async open(options: DevelopmentIssuerOptions): Promise<DevelopmentIssuer> {
    const file = new IssuerKeysFile(options.folder);
    await file.open();
    return new DevelopmentIssuer(options.url, file, options.clock);
  }

  /** For a process beside the one that serves the keys. @throws PttError `config_invalid` when there are no keys */
  static async openExisting(options: DevelopmentIssuerOptions): Promise<DevelopmentIssuer> {
    const file = new IssuerKeysFile(options.folder);
    await file.read();
    return new DevelopmentIssuer(options.url, file, options.clock);
  }

  /** A signed token. @throws PttError `usage` when it would live too long or not at all */
  async issue(request: TokenRequest): Promise<string> {
    const { ttlSeconds } = request;
    if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > TTL_MAX_SECONDS) {
      throw new PttError('usage', { detail: `A token lives 1 to ${TTL_MAX_SECONDS} whole seconds.` });
    }
    const key = signingKey(await this.#file.read());
    const issuedAt = Math.floor(this.#clock.now() / 1_000);
    return new SignJWT({
      scope: request.scopes.join(' '),
      ...(request.roles !== undefined && { roles: request.roles }),
      ...(request.tenants !== undefined && { tenants: request.tenants }),
      ...(request.approvalRef !== undefined && { approval_ref: request.approvalRef }),
    })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
      .setIssuer(this.url)
      .setSubject(request.subject)
      .setAudience(typeof request.audience === 'string' ? request.audience : [...request.audience])
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ttlSeconds)
      .sign(await importJWK(key.privateJwk, 'ES256'));
  }

  /** The public keys, from the file as it now is: another process may have rotated them. */
  async jwks(): Promise<{ readonly keys: readonly JWK[] }> {
    const keys = await this.#file.read();
    return { keys: keys.filter((key) => this.#isPublished(key)).map(publicPartOf) };
  }

  /** The next key signs from now on; the one before is published until its last token has expired. */
  async rotate(): Promise<Rotation> {
    const retiredAt = this.#clock.now();
    const turned = (await this.#file.read()).map((key) => turn(key, retiredAt));
    await this.#file.write([...turned.filter((key) => this.#isPublished(key)), await newKey('next')]);
    return { kid: signingKey(turned).kid, previousUntil: goesAt(retiredAt) };
  }

  #isPublished({ retiredAt }: IssuerKey): boolean {
    return retiredAt === null || this.#clock.now() < goesAt(retiredAt);
  }
}

/** What a rotation did. */
export interface Rotation {
  /** The key that signs from now on. */
  readonly kid: string;
  /** Until then the key before it is published. */
  readonly previousUntil: Instant;
}

export interface DevelopmentIssuerOptions {
  readonly folder: string;
  readonly url: string;
  readonly clock: Clock;
}

/** When a retired key is published no longer. */
function goesAt(retiredAt: Instant): Instant {
  return retiredAt + TTL_MAX_SECONDS * 1_000 + RETIRED_SLACK_MS;
}

function signingKey(keys: readonly IssuerKey[]): IssuerKey {
  const key = keys.find(({ state }) => state === 'signing');
  invariant(key !== undefined, 'one key signs');
  return key;
}

function turn(key: IssuerKey, retiredAt: Instant): IssuerKey {
  if (key.state === 'signing') return { ...key, state: 'retired', retiredAt };
  return key.state === 'next' ? { ...key, state: 'signing' } : key;
}

function publicPartOf({ kid, privateJwk }: IssuerKey): JWK {
  const { kty = 'EC', crv = 'P-256', x = '', y = '' } = privateJwk;
  return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' };
}
