import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DecodeOnlyTokens } from './decode-only-tokens.ts';
import { ANONYMOUS } from './domain/claims.ts';
import { assemble, claimsAt, sign, testKey } from './testing/index.ts';

const tokens = new DecodeOnlyTokens();
const WARNED = ['auth_not_verified'];

describe('decode-only tokens', () => {
  it('are read, however they are signed or not', async () => {
    const claims = claimsAt(0, { roles: ['product_owner'], approval_ref: 'APP-1', tenants: ['T-a'] });
    const all = [
      await sign(await testKey(), claims),
      assemble({ alg: 'none' }, claims),
      assemble({ alg: 'HS256' }, claims, 'c2lnbmF0dXJl'),
      assemble('no header', claims),
    ];
    for (const token of all) {
      expect(tokens.read(`Bearer ${token}`)).toEqual({
        actor: {
          id: 'U-9',
          roles: ['product_owner'],
          scopes: new Set(),
          tenants: null,
          verified: false,
          approvalRef: 'APP-1',
        },
        warnings: WARNED,
        token,
      });
    }
  });

  it.each([
    undefined,
    '',
    'Basic abc',
    'Bearer',
    'Bearer a b',
    `Bearer ${'x'.repeat(8_193)}`,
    'Bearer ☃',
    'Bearer a\tb',
  ])('are nobody’s without one that could be passed on: %j', (header) => {
    expect(tokens.read(header)).toEqual({ actor: ANONYMOUS, warnings: WARNED, token: null });
  });

  it.each(['abc', 'a.b.c', '..', assemble({}, []), assemble({}, 'text'), assemble({}, null), 'e30.e30'])(
    'are nobody’s as garbage: %s',
    (token) => {
      expect(tokens.read(`Bearer ${token}`)).toEqual({ actor: ANONYMOUS, warnings: WARNED, token });
    },
  );

  it('are passed over claim by claim where a claim is garbage', () => {
    const token = assemble({}, { sub: { $ne: null }, roles: ['a', 1], approval_ref: 'APP-1' });
    expect(tokens.readToken(token).actor).toMatchObject({ id: 'anonymous', roles: ['a'], approvalRef: 'APP-1' });
  });

  it('never throw, are never verified and always warn', () => {
    const header = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }).map((text) => `Bearer ${text}`),
      fc.jsonValue().map((claims) => `Bearer ${assemble({}, claims)}`),
    );
    fc.assert(
      fc.property(header, (authorization) => {
        const { actor, warnings } = tokens.read(authorization);
        expect([actor.verified, actor.scopes.size, actor.tenants, warnings]).toEqual([false, 0, null, WARNED]);
      }),
    );
  });

  it('have nothing to forget themselves, and pass that on', () => {
    let forgotten = 0;
    tokens.forgetKeys();
    new DecodeOnlyTokens(() => void (forgotten += 1)).forgetKeys();
    expect(forgotten).toBe(1);
  });
});
