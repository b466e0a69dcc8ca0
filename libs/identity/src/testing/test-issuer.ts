import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
} from 'jose';
import { ManualClock } from '#libs/platform/testing';
import { JoseSignatures } from '../jose-signatures.ts';
import { JwksKeySet } from '../jwks-key-set.ts';
import { JwksSource, type JwksText } from '../jwks-source.ts';
import type { PublicPart } from '../signatures.ts';

export const ISSUER = 'http://127.0.0.1:7082';
export const AUDIENCE = 'ptt-ff';

export interface TestKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** A key of its own, published as `{kid, alg, use, …}`. */
export async function testKey(alg = 'ES256'): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const publicPart = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicPart);
  return { kid, alg, privateKey, publicJwk: { ...publicPart, kid, alg, use: 'sig' } };
}

/** A token by that key over exactly these claims. */
export function sign(
  key: TestKey,
  claims: Readonly<Record<string, unknown>>,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
}

/** What an honest token says, with its times around `at` in seconds. */
export function claimsAt(atSeconds: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const times = { iat: atSeconds, exp: atSeconds + 600 };
  return { iss: ISSUER, aud: AUDIENCE, sub: 'U-9', scope: 'ff:read', ...times, ...more };
}

/** A token of any parts, signed or not. */
export function assemble(header: unknown, payload: unknown, signature = ''): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}

/** An issuer that publishes what the test says, and counts who asks. */
export class ScriptedJwks extends JwksSource {
  reads = 0;
  /** How old the text was that each read could do with. */
  readonly asked: number[] = [];
  /** How old the text is. */
  ageMs = 0;
  /** The text to answer with, an error, or a promise that the test settles. */
  next: string | Error | Promise<string>;

  constructor(...keys: readonly TestKey[]) {
    super();
    this.next = jwksOf(...keys);
  }

  publish(...keys: readonly TestKey[]): void {
    this.next = jwksOf(...keys);
  }

  async read(signal: AbortSignal, youngerThanMs: number): Promise<JwksText> {
    this.reads++;
    this.asked.push(youngerThanMs);
    signal.throwIfAborted();
    if (this.next instanceof Error) throw this.next;
    const { ageMs } = this;
    return { text: await this.next, ageMs };
  }
}

/** The keys of that source, with real signatures. */
export function keySet(
  source: JwksSource,
  clock: ManualClock,
  report: (failure: unknown) => void = () => undefined,
): JwksKeySet {
  return new JwksKeySet({ source, signatures: new JoseSignatures(), clock, scheduler: clock, report });
}

/** The keys that an issuer publishes, as they are read on a clock by hand; what is reported is kept. */
export function keySetUp(...published: readonly TestKey[]) {
  const clock = new ManualClock();
  const source = new ScriptedJwks(...published);
  const reports: unknown[] = [];
  const keys = keySet(source, clock, (failure) => void reports.push(failure));
  return { clock, source, keys, reports };
}

/** What identifies an EC key. */
export function partOf({ publicJwk: { kty = '', crv = '', x = '', y = '' } }: TestKey): PublicPart {
  return { kty, crv, x, y };
}

export function jwksOf(...keys: readonly TestKey[]): string {
  return JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) });
}
