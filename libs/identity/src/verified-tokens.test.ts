import { beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIENCE, sign, testKey, type TestKey } from './testing/index.ts';
import { codeOf, errorOf, read, setUp } from './testing/token-set-up.ts';

let key: TestKey;
beforeAll(async () => {
  key = await testKey();
});

describe('verified tokens', () => {
  it('make a verified caller', async () => {
    const { tokens, claims } = setUp(key);
    const token = await sign(key, claims({ roles: ['product_owner'], tenants: ['T-a'], approval_ref: 'APP-1' }));
    await expect(read(tokens, token)).resolves.toEqual({
      actor: {
        id: 'U-9',
        roles: ['product_owner'],
        scopes: new Set(['ff:read']),
        tenants: ['T-a'],
        verified: true,
        approvalRef: 'APP-1',
      },
      warnings: [],
      token,
    });
  });

  it.each(['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'])('may be signed with %s', async (alg) => {
    const its = await testKey(alg);
    const { tokens, claims } = setUp(its);
    await expect(read(tokens, await sign(its, claims()))).resolves.toMatchObject({ actor: { verified: true } });
  });

  it('may be for several audiences, and the scheme may be written in any case', async () => {
    const { tokens, claims } = setUp(key);
    const token = await sign(key, claims({ aud: ['elsewhere', AUDIENCE] }));
    await expect(tokens.read(`bEARER  ${token}`)).resolves.toMatchObject({ token });
  });

  it.each([undefined, ''])('are missing without a header: %j', async (header) => {
    expect(await codeOf(() => setUp(key).tokens.read(header))).toBe('token_missing');
  });

  it.each([
    'Basic dXNlcjpwYXNz',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer ☃',
    'token',
    'Bearer abc',
    'Bearer a.b.c',
    'Bearer ..',
    'Bearer e30.e30.e30',
    `Bearer ${'x'.repeat(8_193)}`,
    `Bearer ${'a.'.repeat(4_096)}`,
  ])('are invalid as %s', async (header) => {
    expect(await codeOf(() => setUp(key).tokens.read(header))).toBe('token_invalid');
  });

  it('are refused when too long, before anything is computed', async () => {
    const { tokens, claims, source } = setUp(key);
    const token = await sign(key, claims({ padding: 'x'.repeat(8_192) }));
    expect(await codeOf(() => read(tokens, token))).toBe('token_invalid');
    expect(source.reads).toBe(0);
    const fits = await sign(key, claims({ padding: 'x'.repeat(5_000) }));
    await expect(read(tokens, fits)).resolves.toMatchObject({ actor: { verified: true } });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another issuer', { iss: 'https://evil.example' }, 'its issuer'],
    ['no issuer', { iss: undefined }, 'its issuer'],
    ['another audience', { aud: 'ptt-admin' }, 'it is not meant for ptt-ff'],
    ['no audience', { aud: undefined }, 'it is not meant for ptt-ff'],
    ['an audience of the wrong type', { aud: { 0: AUDIENCE } }, 'it is not meant for ptt-ff'],
    ['no expiry', { exp: undefined }, 'its claim exp is not a number'],
    ['an expiry that is text', { exp: '9999999999' }, 'its claim exp is not a number'],
    ['a start that is text', { nbf: 'now' }, 'its claim nbf is not a number'],
    ['a start that is null', { nbf: null }, 'its claim nbf is not a number'],
    ['an issue that is text', { iat: 'now' }, 'its claim iat is not a number'],
    ['tenants that are text', { tenants: 'T-a' }, 'its claim tenants is not a list'],
    ['no subject', { sub: undefined }, 'its claim sub is not'],
  ])('with %s are invalid', async (_, wrong, reason) => {
    const { tokens, claims } = setUp(key);
    const error = await errorOf(async () => read(tokens, await sign(key, claims(wrong))));
    expect(error.code).toBe('token_invalid');
    expect(error.message).toContain(reason);
  });

  it('say nothing of the token in the refusal', async () => {
    const { tokens, claims } = setUp(key);
    const secret = 'SECRETVALUE';
    const wrong = [
      { iss: secret },
      { aud: secret },
      { sub: { secret } },
      { tenants: secret },
      { exp: secret },
      { nbf: secret },
    ];
    for (const claim of wrong) {
      const error = await errorOf(async () => read(tokens, await sign(key, claims(claim))));
      expect(error.message).not.toContain(secret);
    }
    const unknown = await errorOf(async () => read(tokens, await sign(key, claims(), { kid: secret })));
    expect(unknown.message).not.toContain(secret);
  });

  it.each<[string, Record<string, number>, string]>([
    ['until its expiry and 5 s', { exp: 4 }, 'valid'],
    ['no longer', { exp: -5 }, 'it has expired'],
    ['just before that', { exp: -4 }, 'valid'],
    ['from 5 s before nbf', { nbf: 5 }, 'valid'],
    ['not before', { nbf: 6 }, 'it is not valid yet'],
    ['from 5 s before iat', { iat: 5 }, 'valid'],
    ['not when issued in the future', { iat: 6 }, 'it is not valid yet'],
  ])('count %s', async (_, offsets, expected) => {
    const { tokens, claims, seconds } = setUp(key);
    const times = Object.fromEntries(Object.entries(offsets).map(([claim, offset]) => [claim, seconds() + offset]));
    const token = await sign(key, claims(times));
    const said = await read(tokens, token).then(
      () => 'valid',
      (error: unknown) => String(error),
    );
    expect(said).toContain(expected);
  });
});
