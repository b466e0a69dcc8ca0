import { hash } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { LIMITS, PttError, type Clock } from '#libs/kernel';
import { bearerToken, isTokenShaped } from './domain/bearer.ts';
import { LEEWAY_SECONDS, readClaims, type Claims } from './domain/claims.ts';
import type { KeySet, KeysStanding, PublicKey } from './key-set.ts';
import { isInTime, RememberedTokens } from './remembered-tokens.ts';
import { TokenReader, type Caller } from './token-reader.ts';

export interface VerifiedTokensOptions {
  /** The claim `iss` to be met. */
  readonly issuer: string;
  /** The claim `aud` to be met: `ptt-ff` or `ptt-admin`. */
  readonly audience: string;
}

interface Digested {
  readonly token: string;
  readonly digest: string;
}

const NO_WARNINGS: readonly string[] = [];

/** Mode `verified`: signature, issuer, audience, times and claims all hold, or there is no caller. */
export class VerifiedTokens extends TokenReader {
  readonly warnings = NO_WARNINGS;
  readonly #options: VerifiedTokensOptions;
  readonly #keys: KeySet;
  readonly #clock: Clock;
  readonly #remembered: RememberedTokens;
  /**
   * What each open connection sent last. Most send one token all their life, and its digest takes as long as three
   * evaluations; the text is kept no longer than its connection.
   */
  readonly #sent = new WeakMap<object, Digested & { readonly authorization: string }>();

  constructor(keys: KeySet, clock: Clock, options: VerifiedTokensOptions) {
    super();
    this.#options = options;
    this.#keys = keys;
    this.#clock = clock;
    this.#remembered = new RememberedTokens(keys, clock);
  }

  /** How many tokens are remembered, for metrics. */
  get remembered(): number {
    return this.#remembered.size;
  }

  read(authorization: string | undefined, connection?: object): Caller | Promise<Caller> {
    const last = connection === undefined ? undefined : this.#sent.get(connection);
    if (last !== undefined && last.authorization === authorization) return this.#callerOf(last);
    if (authorization === undefined || authorization === '') {
      throw new PttError('token_missing', { detail: 'Send a token of the issuer in `Authorization: Bearer …`.' });
    }
    const token = bearerToken(authorization);
    if (token === null) throw invalid('the header Authorization is not `Bearer` and a token');
    const sent = { authorization, token, digest: digestOf(token) };
    if (connection !== undefined) this.#sent.set(connection, sent);
    return this.#callerOf(sent);
  }

  keys(): KeysStanding {
    return this.#keys.standing();
  }

  forgetKeys(): void {
    this.#keys.flush();
  }

  readToken(token: string): Caller | Promise<Caller> {
    return this.#callerOf({ token, digest: digestOf(token) });
  }

  #callerOf({ token, digest }: Digested): Caller | Promise<Caller> {
    const claims = this.#remembered.get(digest);
    return claims === null ? this.#verify(token, digest) : callerOf(claims, token);
  }

  async #verify(token: string, digest: string): Promise<Caller> {
    if (!isTokenShaped(token)) throw invalid('it has characters that no token has');
    const key = await this.#keyOf(token);
    const claims = claimsOf(await this.#payloadOf(token, key));
    if (!isInTime(claims, this.#clock)) throw invalid('it is not valid yet, or no longer');
    this.#remembered.remember(digest, claims, key);
    return callerOf(claims, token);
  }

  async #keyOf(token: string): Promise<PublicKey> {
    const { kid } = headerOf(token);
    if (typeof kid !== 'string') throw invalid('it does not say which key signed it (kid)');
    const key = this.#keys.known(kid) ?? (await this.#keys.find(kid));
    if (key === null) throw invalid('the issuer has no such key (kid)');
    return key;
  }

  async #payloadOf(token: string, key: PublicKey): Promise<JWTPayload> {
    try {
      const verified = await jwtVerify(token, key.key, {
        ...this.#options,
        // Bound to the key and not to what the token says of itself, so that no algorithm can stand for another.
        algorithms: [...key.algorithms],
        requiredClaims: ['exp'],
        clockTolerance: LEEWAY_SECONDS,
        currentDate: new Date(this.#clock.now()),
      });
      return verified.payload;
    } catch (error) {
      throw invalid(reasonOf(error, this.#options), error);
    }
  }
}

/** @throws PttError token_invalid */
function digestOf(token: string): string {
  if (token.length > LIMITS.tokenLength) throw invalid(`it has more than ${LIMITS.tokenLength} characters`);
  return hash('sha256', token, 'base64');
}

function headerOf(token: string): { readonly kid?: unknown } {
  try {
    return decodeProtectedHeader(token);
  } catch (error) {
    throw invalid('it is not a signed JWT', error);
  }
}

function claimsOf(payload: JWTPayload): Claims {
  const read = readClaims(payload);
  if ('claims' in read) return read.claims;
  throw invalid(`its claim ${read.fault.claim} is not ${read.fault.expected}`);
}

function callerOf(claims: Claims, token: string): Caller {
  return { actor: claims.actor, warnings: NO_WARNINGS, token };
}

/** What is wrong, in words that hold nothing of the token but the name of a claim. */
function reasonOf(error: unknown, options: VerifiedTokensOptions): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'iss':
        return 'its issuer is not the one that this service trusts';
      case 'aud':
        return `it is not meant for ${options.audience} (aud)`;
      case 'nbf':
        return 'it is not valid yet';
      default:
        return 'one of its times (exp, nbf, iat) is missing or no number';
    }
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not the one of its key';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not hold';
  return 'it is not a signed JWT';
}

function invalid(reason: string, cause?: unknown): PttError {
  return new PttError('token_invalid', { detail: `The token does not hold: ${reason}.`, cause });
}
