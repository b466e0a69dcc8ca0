import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { exportJWK, exportSPKI, importJWK, type CryptoKey } from 'jose';
import { assemble, sign, testKey, type TestKey } from './testing/index.ts';
import { codeOf, errorOf, read, setUp } from './testing/token-set-up.ts';

let key: TestKey;
let other: TestKey;
beforeAll(async () => {
  [key, other] = await Promise.all([testKey(), testKey()]);
});

describe('forged tokens', () => {
  it('without a signature are refused', async () => {
    const { tokens, claims } = setUp(key);
    for (const alg of ['none', 'None', 'NONE', '']) {
      const token = assemble({ alg, kid: key.kid }, claims());
      expect(await codeOf(() => read(tokens, token))).toBe('token_invalid');
    }
  });

  it('signed with the public key as a secret are refused', async () => {
    const rsa = await testKey('RS256');
    const { tokens, claims } = setUp(rsa, key);
    for (const its of [rsa, key]) {
      const publicKey = await imported(its);
      const secrets = [await exportSPKI(publicKey), JSON.stringify(its.publicJwk)];
      for (const secret of secrets) {
        const unsigned = assemble({ alg: 'HS256', kid: its.kid }, claims()).slice(0, -1);
        const signature = createHmac('sha256', secret).update(unsigned).digest('base64url');
        expect(await codeOf(() => read(tokens, `${unsigned}.${signature}`))).toBe('token_invalid');
      }
    }
  });

  it('that name another algorithm than that of their key are refused', async () => {
    const rsa = await testKey('RS256');
    const pss = { ...rsa, alg: 'PS256', privateKey: await reimported(rsa, 'PS256') };
    const { tokens, claims } = setUp(rsa);
    const error = await errorOf(async () => read(tokens, await sign(pss, claims())));
    expect(error.message).toContain('its algorithm is not the one of its key');
  });

  it('by an unknown key under a known name are refused', async () => {
    const { tokens, claims } = setUp(key);
    const error = await errorOf(async () => read(tokens, await sign(other, claims(), { kid: key.kid })));
    expect(error.message).toContain('its signature does not hold');
  });

  it('that bring their own key are refused', async () => {
    const { tokens, claims } = setUp(key);
    const headers = [
      { jwk: other.publicJwk },
      { jku: 'https://evil.example/jwks' },
      { kid: other.kid, jwk: other.publicJwk },
      { kid: '../../etc/passwd' },
      { kid: '__proto__' },
    ];
    for (const header of headers) {
      const token = await sign(other, claims(), header);
      expect(await codeOf(() => read(tokens, token))).toBe('token_invalid');
    }
  });

  it('with no kid, or one that is no text, are refused', async () => {
    const { tokens, claims } = setUp(key);
    const signed = await sign(key, claims());
    const [, payload = '', signature = ''] = signed.split('.');
    for (const header of [{ alg: 'ES256' }, { alg: 'ES256', kid: 7 }, { alg: 'ES256', kid: null }]) {
      const head = Buffer.from(JSON.stringify(header)).toString('base64url');
      expect(await codeOf(() => read(tokens, `${head}.${payload}.${signature}`))).toBe('token_invalid');
    }
  });

  it('made from a remembered token are refused', async () => {
    const { tokens, claims } = setUp(key);
    const token = await sign(key, claims());
    await read(tokens, token);
    const [head = '', payload = '', signature = ''] = token.split('.');
    const raised = Buffer.from(JSON.stringify(claims({ scope: 'admin:sign' }))).toString('base64url');
    const forgeries = [
      `${head}.${raised}.${signature}`,
      `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${token}.`,
      token.slice(0, -2),
    ];
    for (const forged of forgeries) expect(await codeOf(() => read(tokens, forged))).toBe('token_invalid');
    expect(tokens.remembered).toBe(1);
  });

  it('never pass, whatever is changed in a good token', async () => {
    const { tokens, claims } = setUp(key, other);
    const good = await sign(key, claims());
    const [head = '', payload = '', signature = ''] = good.split('.');
    const part = fc.oneof(
      fc.constantFrom(head, payload, signature, ''),
      fc.base64String().map((text) => text.replaceAll('=', '')),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
      fc
        .record({
          alg: fc.constantFrom('none', 'HS256', 'ES256', 'RS256'),
          kid: fc.constantFrom(key.kid, other.kid, 'x'),
        })
        .map((header) => Buffer.from(JSON.stringify(header)).toString('base64url')),
    );
    const flipped = fc.tuple(fc.nat(good.length - 1), fc.constantFrom('A', 'z', '0', '_', '.', '-')).map(([at, by]) => {
      return good.slice(0, at) + by + good.slice(at + 1);
    });
    const forged = fc.oneof(
      flipped,
      fc.tuple(part, part, part).map((parts) => parts.join('.')),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(forged, async (token) => {
        fc.pre(!isTheSame(token, good));
        const code = await codeOf(() => read(tokens, token));
        expect(code).toBe('token_invalid');
      }),
      { numRuns: 500 },
    );
  });
});

/** The last character of a signature has bits that mean nothing, so a few texts are the same token. */
function isTheSame(token: string, good: string): boolean {
  const bytesOf = (text: string): string[] =>
    text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'));
  return bytesOf(token).join() === bytesOf(good).join();
}

async function imported({ publicJwk, alg }: TestKey): Promise<CryptoKey> {
  return asKey(await importJWK(publicJwk, alg, { extractable: true }));
}

async function reimported({ privateKey }: TestKey, alg: string): Promise<CryptoKey> {
  return asKey(await importJWK(await exportJWK(privateKey), alg));
}

function asKey(found: CryptoKey | Uint8Array): CryptoKey {
  if (found instanceof Uint8Array) throw new Error('a secret is no key pair');
  return found;
}
