import { isRecord } from '#libs/kernel';
import type { PublicKey } from './key-set.ts';
import type { PublicPart, Signatures } from './signatures.ts';

/** More keys than any issuer publishes at once; the rest is passed over. */
const KEYS_MAX = 64;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Which signatures a kind of key may make; symmetric keys and `none` have no place here. */
const KINDS: readonly Kind[] = [
  { kty: 'EC', crv: 'P-256', members: ['x', 'y'], algorithms: ['ES256'] },
  { kty: 'EC', crv: 'P-384', members: ['x', 'y'], algorithms: ['ES384'] },
  { kty: 'OKP', crv: 'Ed25519', members: ['x'], algorithms: ['EdDSA', 'Ed25519'] },
  { kty: 'RSA', crv: undefined, members: ['n', 'e'], algorithms: ['RS256', 'PS256'] },
];

interface Kind {
  readonly kty: string;
  readonly crv: string | undefined;
  readonly members: readonly string[];
  readonly algorithms: readonly string[];
}

/** A published key with the text that tells it from others, and an object only where it is new. */
export type KeysByKid = ReadonlyMap<string, PublishedKey>;

type PublishedKey = PublicKey & { readonly published: string };

/**
 * The signing keys of a JWKS by `kid`. A key that is not for signatures, of an unknown kind, without a `kid`, or
 * published with its private part is passed over; of two with one `kid` the first counts. A key that was there
 * before is the same object again.
 * @throws when the text is no JWKS at all
 */
export async function readJwks(text: string, before: KeysByKid, signatures: Signatures): Promise<KeysByKid> {
  const found = await Promise.all(listedIn(text).map((jwk) => readKey(jwk, before, signatures)));
  const keys = new Map<string, PublishedKey>();
  for (const key of found) if (key !== null && !keys.has(key.kid)) keys.set(key.kid, key);
  return keys;
}

/** What a JWKS lists, of use or not. @throws when the text is no JWKS at all */
export function listedIn(text: string): readonly unknown[] {
  const document: unknown = JSON.parse(text);
  if (!isRecord(document) || !Array.isArray(document['keys'])) throw new Error('not a JWKS: there is no list `keys`');
  return document['keys'].slice(0, KEYS_MAX);
}

async function readKey(jwk: unknown, before: KeysByKid, signatures: Signatures): Promise<PublishedKey | null> {
  if (!isRecord(jwk) || !isForSignatures(jwk)) return null;
  const kid = jwk['kid'];
  const kind = KINDS.find(({ kty, crv }) => jwk['kty'] === kty && jwk['crv'] === crv);
  if (typeof kid !== 'string' || kid === '' || kind === undefined) return null;
  const algorithm = algorithmOf(jwk['alg'], kind);
  const publicPart = publicPartOf(jwk, kind);
  if (algorithm === null || publicPart === null) return null;
  const published = JSON.stringify([algorithm, publicPart]);
  const same = before.get(kid);
  if (same?.published === published) return same;
  const key = await signatures.keyOf(publicPart, algorithm);
  // Ed25519 signatures go by two names; every other key signs in one way only.
  const algorithms = kind.kty === 'OKP' ? kind.algorithms : [algorithm];
  return key === null ? null : { kid, algorithms, key, published };
}

function isForSignatures(jwk: Readonly<Record<string, unknown>>): boolean {
  if (PRIVATE_MEMBERS.some((member) => member in jwk)) return false;
  const operations = jwk['key_ops'];
  const isForVerifying = operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
  return isForVerifying && (jwk['use'] === undefined || jwk['use'] === 'sig');
}

/** The key's own `alg`, or the first of its kind where it states none. */
function algorithmOf(stated: unknown, kind: Kind): string | null {
  const named = stated === undefined ? kind.algorithms[0] : stated;
  return kind.algorithms.find((algorithm) => algorithm === named) ?? null;
}

function publicPartOf(jwk: Readonly<Record<string, unknown>>, kind: Kind): PublicPart | null {
  const part: Record<string, string> = { kty: kind.kty };
  if (kind.crv !== undefined) part['crv'] = kind.crv;
  for (const member of kind.members) {
    const value = jwk[member];
    if (typeof value !== 'string') return null;
    part[member] = value;
  }
  return part;
}
