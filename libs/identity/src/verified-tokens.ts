import { hash } from 'node:crypto';
import { LIMITS, PttError, type Clock, type JsonObject } from '#libs/kernel';
import { bearerToken, isTokenShaped } from './domain/bearer.ts';
import { readClaims, whyNotMeant, type Claims, type Expected } from './domain/claims.ts';
import { openToken, type TokenHeader } from './domain/token-parts.ts';
import type { KeySet, KeysStanding, PublicKey } from './key-set.ts';
import { isInTime, RememberedTokens } from './remembered-tokens.ts';
import { TokenReader, type Caller } from './token-reader.ts';

interface Digested {
  readonly token: string;
  readonly digest: string;
}

const NO_WARNINGS: readonly string[] = [];

/** Mode `verified`: signature, issuer, audience, times and claims all hold, or there is no caller. */
export class VerifiedTokens extends TokenReader {
  readonly warnings = NO_WARNINGS;
  readonly #expected: Expected;
  readonly #keys: KeySet;
  readonly #clock: Clock;
  readonly #remembered: RememberedTokens;
  /**
   * What each open connection sent last. Most send one token all their life, and its digest takes as long as three
   * evaluations; the text is kept no longer than its connection.
   */
  readonly #sent = new WeakMap<object, Digested & { readonly authorization: string }>();

  constructor(keys: KeySet, clock: Clock, expected: Expected) {
    super();
    this.#expected = expected;
    this.#keys = keys;
    this.#clock = clock;
    this.#remembered = new RememberedTokens(keys, clock);
  }

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
    const parts = isTokenShaped(token) ? openToken(token) : null;
    if (parts === null) throw invalid('it is not a signed JWT');
    const key = await this.#keyOf(parts.header);
    // Bound to the key and not to what the token says of itself, so that no algorithm can stand for another.
    const algorithm = key.algorithms.find((one) => one === parts.header.alg);
    if (algorithm === undefined) throw invalid('its algorithm is not the one of its key');
    if (!(await key.key.signed(token, algorithm))) throw invalid('its signature does not hold');
    // Only now, so that nobody learns what else is wrong with a token that they made up.
    const claims = this.#claimsOf(parts.payload());
    this.#remembered.remember(digest, claims, key);
    return callerOf(claims, token);
  }

  async #keyOf({ kid, crit }: TokenHeader): Promise<PublicKey> {
    if (typeof kid !== 'string') throw invalid('it does not say which key signed it (kid)');
    if (crit !== undefined) throw invalid('it wants extensions understood that are unknown here (crit)');
    const key = this.#keys.known(kid) ?? (await this.#keys.find(kid));
    if (key === null) throw invalid('the issuer has no such key (kid)');
    return key;
  }

  #claimsOf(payload: JsonObject | null): Claims {
    if (payload === null) throw invalid('what it says is no JSON object');
    const reason = whyNotMeant(payload, this.#expected);
    if (reason !== null) throw invalid(reason);
    const read = readClaims(payload);
    if ('fault' in read) throw invalid(`its claim ${read.fault.claim} is not ${read.fault.expected}`);
    const { claims } = read;
    if (!isInTime(claims, this.#clock)) {
      throw invalid(claims.until <= this.#clock.now() ? 'it has expired' : 'it is not valid yet');
    }
    return claims;
  }
}

/** @throws PttError token_invalid */
function digestOf(token: string): string {
  if (token.length > LIMITS.tokenLength) throw invalid(`it has more than ${LIMITS.tokenLength} characters`);
  return hash('sha256', token, 'base64');
}

function callerOf(claims: Claims, token: string): Caller {
  return { actor: claims.actor, warnings: NO_WARNINGS, token };
}

/** @param reason in words that hold nothing of the token but the name of a claim */
function invalid(reason: string): PttError {
  return new PttError('token_invalid', { detail: `The token does not hold: ${reason}.` });
}
