import { LIMITS, type Actor, type Instant } from '#libs/kernel';

/** Clocks of issuers and ours may differ by this much. */
export const LEEWAY_SECONDS = 5;

/** Control characters and halves of surrogate pairs, which no id in an answer or a record may hold. */
const NO_ID = /[\p{Cc}\p{Cs}]/u;

/** For whom a token has to be, and from whom. */
export interface Expected {
  /** The claim `iss` to be met. */
  readonly issuer: string;
  /** The claim `aud` to be met: `ptt-ff` or `ptt-admin`. */
  readonly audience: string;
}

/** What a token says, once it is known to be the issuer's. */
export interface Claims {
  readonly actor: Actor;
  /** The token counts from this instant … */
  readonly from: Instant;
  /** … until just before this one. */
  readonly until: Instant;
}

/** A claim that does not fit; `claim` is its name, never its value. */
export interface ClaimFault {
  readonly claim: string;
  readonly expected: string;
}

export type ClaimsRead = { readonly claims: Claims } | { readonly fault: ClaimFault };

/** Why a token is not meant for us, in words that hold nothing of it; null when it is. RFC 7519, 4.1.1 and 4.1.3. */
export function whyNotMeant({ iss, aud }: Readonly<Record<string, unknown>>, expected: Expected): string | null {
  if (iss !== expected.issuer) return 'its issuer is not the one that this service trusts';
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return audiences.includes(expected.audience) ? null : `it is not meant for ${expected.audience} (aud)`;
}

/**
 * The claims of a verified token. A claim of the wrong type is a fault and never passed over: half a token would
 * be another one. `tenants` that is there and empty binds to no tenant at all.
 */
export function readClaims(payload: Readonly<Record<string, unknown>>): ClaimsRead {
  const sub = payload['sub'];
  if (!isId(sub))
    return faulty('sub', `a text of 1 to ${LIMITS.subjectIdLength} characters without control characters`);
  const scopes = scopesOf(payload['scope']);
  if (scopes === null) return faulty('scope', 'a text of scopes with blanks between, or a list of texts');
  const tenants = payload['tenants'] ?? null;
  if (tenants !== null && !isIdList(tenants)) return faulty('tenants', 'a list of tenant ids');
  const roles = payload['roles'] ?? [];
  if (!isIdList(roles)) return faulty('roles', 'a list of texts');
  const approvalRef = payload['approval_ref'] ?? null;
  if (approvalRef !== null && !isId(approvalRef)) return faulty('approval_ref', 'the id of an approval');
  const { exp, nbf = 0, iat = 0 } = payload;
  if (!isSeconds(exp)) return faulty('exp', 'a number of seconds');
  if (!isSeconds(nbf)) return faulty('nbf', 'a number of seconds');
  if (!isSeconds(iat)) return faulty('iat', 'a number of seconds');
  const actor: Actor = { id: sub, roles, scopes: new Set(scopes), tenants, verified: true, approvalRef };
  // A token that begins within a second begins with the next one.
  const from = (Math.max(Math.ceil(nbf), iat) - LEEWAY_SECONDS) * 1_000;
  return { claims: { actor, from, until: (exp + LEEWAY_SECONDS) * 1_000 } };
}

/**
 * The claims of a token that nobody checked: what fits is read, what does not is passed over. Scopes and tenants
 * are left out, since unchecked they neither give nor take anything.
 */
export function readUncheckedClaims(payload: Readonly<Record<string, unknown>>): Actor {
  const { sub, roles, approval_ref: approvalRef } = payload;
  return {
    ...ANONYMOUS,
    id: isId(sub) ? sub : ANONYMOUS.id,
    roles: Array.isArray(roles) ? roles.filter(isId) : [],
    approvalRef: isId(approvalRef) ? approvalRef : null,
  };
}

/** Somebody without a token that could be read. */
export const ANONYMOUS: Actor = {
  id: 'anonymous',
  roles: [],
  scopes: new Set(),
  tenants: null,
  verified: false,
  approvalRef: null,
};

function faulty(claim: string, expected: string): ClaimsRead {
  return { fault: { claim, expected } };
}

function scopesOf(claim: unknown): readonly string[] | null {
  if (claim === undefined || claim === null) return [];
  if (typeof claim === 'string') return claim.split(' ').filter((scope) => scope !== '');
  return isIdList(claim) ? claim : null;
}

function isId(claim: unknown): claim is string {
  return typeof claim === 'string' && claim !== '' && claim.length <= LIMITS.subjectIdLength && !NO_ID.test(claim);
}

function isIdList(claim: unknown): claim is readonly string[] {
  return Array.isArray(claim) && claim.every(isId);
}

function isSeconds(claim: unknown): claim is number {
  return Number.isFinite(claim);
}
