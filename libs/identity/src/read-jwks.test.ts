import { beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateSecret, type JWK } from 'jose';
import { JoseSignatures } from './jose-signatures.ts';
import { readJwks, type KeysByKid } from './read-jwks.ts';
import { sign, testKey, type TestKey } from './testing/index.ts';

const NONE: KeysByKid = new Map();
const SIGNATURES = new JoseSignatures();
const ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'RS256'] as const;
type Algorithm = (typeof ALGORITHMS)[number];

let keys: Record<Algorithm, TestKey>;
beforeAll(async () => {
  const [ES256, ES384, EdDSA, RS256] = await Promise.all([
    testKey('ES256'),
    testKey('ES384'),
    testKey('EdDSA'),
    testKey('RS256'),
  ]);
  keys = { ES256, ES384, EdDSA, RS256 };
});

function read(jwks: readonly unknown[], before = NONE): Promise<KeysByKid> {
  return readJwks(JSON.stringify({ keys: jwks }), before, SIGNATURES);
}

describe('a JWKS', () => {
  it.each<[Algorithm, readonly string[]]>([
    ['ES256', ['ES256']],
    ['ES384', ['ES384']],
    ['EdDSA', ['EdDSA', 'Ed25519']],
    ['RS256', ['RS256']],
  ])('gives each key its own algorithms, said or not: %s', async (alg, algorithms) => {
    const { kid, publicJwk } = keys[alg];
    const { alg: _, use: __, ...bare } = publicJwk;
    for (const jwk of [publicJwk, bare, { ...bare, key_ops: ['verify'] }]) {
      const found = await read([jwk]);
      expect([...found.values()]).toMatchObject([{ kid, algorithms }]);
      const token = await sign(keys[alg], { sub: 'U-9' });
      await expect(found.get(kid)?.key.signed(token, algorithms[0] ?? '')).resolves.toBe(true);
    }
  });

  it('takes an RSA key for PS256 only where it says so', async () => {
    const { kid, publicJwk } = keys.RS256;
    const found = await read([{ ...publicJwk, alg: 'PS256' }]);
    expect(found.get(kid)?.algorithms).toEqual(['PS256']);
  });

  it('is read past keys of no use here', async () => {
    const secret = await exportJWK(await generateSecret('HS256', { extractable: true }));
    const privateJwk = await exportJWK(keys.ES256.privateKey);
    const good: JWK = keys.ES256.publicJwk;
    const useless: unknown[] = [
      null,
      7,
      'key',
      [],
      {},
      { ...secret, kid: 'secret', alg: 'HS256' },
      { ...privateJwk, kid: 'private' },
      { ...good, kid: 'with-d', d: 'x' },
      { ...good, kid: 'with-k', k: 'x' },
      { ...good, kid: 'for-encryption', use: 'enc' },
      { ...good, kid: 'for-signing', key_ops: ['sign'] },
      { ...good, kid: 'key_ops', key_ops: 'verify' },
      { ...good, kid: '' },
      { ...good, kid: 7 },
      { ...good, kid: undefined },
      { ...good, kid: 'none', alg: 'none' },
      { ...good, kid: 'hs', alg: 'HS256' },
      { ...good, kid: 'alg', alg: null },
      { ...good, kid: 'other-alg', alg: 'ES384' },
      { ...good, kid: 'curve', crv: 'P-521' },
      { ...good, kid: 'curve', crv: 'P-384' },
      { ...good, kid: 'kty', kty: 'ec' },
      { ...good, kid: 'no-y', y: undefined },
      { ...good, kid: 'x', x: 7 },
      { ...good, kid: 'off-the-curve', x: good.y, y: good.y },
    ];
    for (const jwk of useless) await expect(read([jwk])).resolves.toEqual(new Map());
    const found = await read([...useless, good]);
    expect([...found.keys()]).toEqual([keys.ES256.kid]);
  });

  it('with one kid twice gives the first', async () => {
    const kid = 'same';
    const found = await read([
      { ...keys.ES256.publicJwk, kid },
      { ...keys.EdDSA.publicJwk, kid },
    ]);
    expect(found.get(kid)?.algorithms).toEqual(['ES256']);
  });

  it('gives the same object for the same key, and another for another', async () => {
    const { kid, publicJwk } = keys.ES256;
    const { use: _, ...reordered } = publicJwk;
    const before = await read([publicJwk]);
    const after = await read([keys.EdDSA.publicJwk, { use: 'sig', ...reordered }], before);
    expect(after.get(kid)).toBe(before.get(kid));
    const { publicJwk: others } = await testKey();
    const changed = await read([{ ...others, kid }], before);
    expect(changed.get(kid)).not.toBe(before.get(kid));
    const [rs, ps] = [await read([keys.RS256.publicJwk]), { ...keys.RS256.publicJwk, alg: 'PS256' }];
    expect((await read([ps], rs)).get(keys.RS256.kid)?.algorithms).toEqual(['PS256']);
  });

  it('is read for 64 keys at the most', async () => {
    const many = Array.from({ length: 65 }, (_, n) => ({ ...keys.ES256.publicJwk, kid: `k${n}` }));
    const found = await read(many);
    expect([found.size, found.has('k63'), found.has('k64')]).toEqual([64, true, false]);
  });

  it.each(['', '{', 'null', '[]', '{}', '{"keys":null}', '{"keys":{"0":{}}}', '7'])('is none as %j', async (text) => {
    await expect(readJwks(text, NONE, SIGNATURES)).rejects.toThrow(/JSON|not a JWKS/);
  });
});
