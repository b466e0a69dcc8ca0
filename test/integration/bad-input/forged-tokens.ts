import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, parseJson, SCOPES } from '#libs/kernel';
import { NodeClock } from '#libs/platform';
import type { RunningPlane } from '../../support/running-plane.ts';

type Members = Readonly<Record<string, unknown>>;

export interface ForgedTokens {
  /** Made as the others are, with nothing wrong: it holds. */
  readonly sound: string;
  /** By what is wrong with them; each is right in everything else. */
  readonly wrong: Readonly<Record<string, string>>;
}

/** Tokens that must not hold. */
export async function forgedTokens({ dataDir, plane }: RunningPlane): Promise<ForgedTokens> {
  const { kid, key } = await signingKey(dataDir);
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(new NodeClock().now() / 1_000);
  const good = {
    iss: plane.issuer.url,
    aud: ['ptt-ff', 'ptt-admin'],
    sub: 'somebody',
    scope: SCOPES.join(' '),
    iat: now,
    exp: now + 600,
  };
  const signed = (claims: Members, header: Members = {}, by = key): string =>
    es256({ alg: 'ES256', kid, typ: 'JWT', ...header }, { ...good, ...claims }, by);
  const publicKey = createPublicKey(key);
  const publicJwk = publicKey.export({ format: 'jwk' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const whole = signed({});
  const [first = '', payload = '', signature = ''] = whole.split('.');
  const wrong = {
    expired: signed({ iat: now - 7_200, exp: now - 3_600 }),
    'not valid yet': signed({ nbf: now + 3_600 }),
    'issued in the future': signed({ iat: now + 3_600 }),
    'without an expiry': signed({ exp: undefined }),
    'of an expiry that is a text': signed({ exp: String(now + 600) }),
    'for another audience': signed({ aud: 'ptt-worker' }),
    'for no audience': signed({ aud: undefined }),
    'of another issuer': signed({ iss: 'http://127.0.0.1:9' }),
    'of the issuer with a slash more': signed({ iss: `${plane.issuer.url}/` }),
    'without a subject': signed({ sub: undefined }),
    'with scopes that are a number': signed({ scope: 7 }),
    'with tenants that are a text': signed({ tenants: 'T-pty' }),
    'with a critical header that nobody knows': signed({}, { crit: ['exp2'], exp2: 1 }),
    'of a stranger’s key': signed({}, { kid: 'stranger' }, foreign.privateKey),
    'of a stranger’s key under our name': signed({}, {}, foreign.privateKey),
    'of a key that it brings along': signed(
      {},
      { jwk: foreign.publicKey.export({ format: 'jwk' }) },
      foreign.privateKey,
    ),
    'without a key id': signed({}, { kid: undefined }),
    'with other claims than were signed': `${first}.${part({ ...good, sub: 'root' })}.${signature}`,
    'with a bit of its signature turned': `${first}.${payload}.${turned(signature)}`,
    'with half a signature': `${first}.${payload}.${signature.slice(0, 40)}`,
    'without its signature': `${first}.${payload}.`,
    'of algorithm none': `${part({ alg: 'none', kid })}.${part(good)}.`,
    'of algorithm None with a signature': `${part({ alg: 'None', kid })}.${part(good)}.${signature}`,
    'signed with the public key as a secret (PEM)': hs256(good, kid, pem),
    'signed with the public key as a secret (JWK)': hs256(good, kid, JSON.stringify(publicJwk)),
    'signed with an empty secret': hs256(good, kid, ''),
    'encrypted instead of signed': `${part({ alg: 'dir', enc: 'A256GCM', kid })}..a.b.c`,
    'of two parts': `${first}.${payload}`,
    'of four parts': `${whole}.x`,
    garbage: 'garbage',
    'of 9,000 characters': `${first}.${'a'.repeat(9_000)}.${signature}`,
  };
  return { sound: whole, wrong };
}

/** `Authorization` headers that hold no token, though a good one may stand in them. */
export function wrongHeaders(token: string): readonly string[] {
  const schemes = [token, `Basic ${token}`, `Token ${token}`];
  return [...schemes, 'Bearer', 'Bearer ', `Bearer ${token} ${token}`, `Bearer "${token}"`, `Bearer ${token},`];
}

async function signingKey(dataDir: string): Promise<{ readonly kid: string; readonly key: KeyObject }> {
  const file = parseJson(await readFile(join(dataDir, 'issuer', 'keys.json'), 'utf8'));
  const keys = isJsonObject(file) && Array.isArray(file['keys']) ? file['keys'] : [];
  for (const each of keys) {
    if (!isJsonObject(each) || each['state'] !== 'signing' || typeof each['kid'] !== 'string') continue;
    const jwk = isJsonObject(each['privateJwk']) ? each['privateJwk'] : {};
    return { kid: each['kid'], key: createPrivateKey({ key: { ...jwk }, format: 'jwk' }) };
  }
  throw new Error('the issuer has no key that signs');
}

function es256(header: Members, claims: Members, key: KeyObject): string {
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function hs256(claims: Members, kid: string, secret: string): string {
  const signed = `${part({ alg: 'HS256', kid, typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function part(value: Members): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function turned(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(10) ^ 1, 10);
  return bytes.toString('base64url');
}
