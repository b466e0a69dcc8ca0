import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ANONYMOUS, readClaims, readUncheckedClaims, whyNotMeant } from './claims.ts';

const GOOD = { sub: 'U-9', exp: 1_000 };
const LONG = 'x'.repeat(257);

describe('a token that is meant for us', () => {
  const expected = { issuer: 'https://issuer.example', audience: 'ptt-ff' };
  const { issuer: iss, audience } = expected;

  it.each([audience, [audience], ['other', audience]].map((aud) => [aud]))('says so in aud: %j', (aud) => {
    expect(whyNotMeant({ iss, aud }, expected)).toBeNull();
  });

  it.each([undefined, null, '', 'other', [], ['other'], 'ptt-ff ', [[audience]], { 0: audience }].map((aud) => [aud]))(
    'does not say so in aud: %j',
    (aud) => {
      expect(whyNotMeant({ iss, aud }, expected)).toBe('it is not meant for ptt-ff (aud)');
    },
  );

  it.each([undefined, 'https://issuer.example/', [iss]].map((other) => [other]))('is not of the issuer %j', (other) => {
    expect(whyNotMeant({ iss: other, aud: audience }, expected)).toBe(
      'its issuer is not the one that this service trusts',
    );
  });
});

describe('claims of a verified token', () => {
  it('are read whole', () => {
    const payload = {
      ...GOOD,
      iat: 400,
      nbf: 500,
      scope: 'ff:read  ff:override',
      tenants: ['T-a'],
      roles: ['product_owner'],
      approval_ref: 'APP-100001-abcd',
    };
    expect(readClaims(payload)).toEqual({
      claims: {
        actor: {
          id: 'U-9',
          roles: ['product_owner'],
          scopes: new Set(['ff:read', 'ff:override']),
          tenants: ['T-a'],
          verified: true,
          approvalRef: 'APP-100001-abcd',
        },
        from: 495_000,
        until: 1_005_000,
      },
    });
  });

  it('may leave out all but subject and expiry', () => {
    expect(readClaims({ ...GOOD, tenants: null, roles: null, approval_ref: null, scope: null })).toEqual(
      readClaims(GOOD),
    );
    expect(readClaims(GOOD)).toMatchObject({
      claims: { actor: { roles: [], scopes: new Set(), tenants: null, approvalRef: null }, from: -5_000 },
    });
  });

  it('count from the later of iat and nbf, the latter rounded up to a second', () => {
    expect(readClaims({ ...GOOD, iat: 500, nbf: 400 })).toMatchObject({ claims: { from: 495_000 } });
    expect(readClaims({ ...GOOD, nbf: 500.2 })).toMatchObject({ claims: { from: 496_000 } });
    expect(readClaims({ ...GOOD, iat: 500 })).toMatchObject({ claims: { from: 495_000 } });
  });

  it('take scopes as a list too, and keep a binding to no tenant apart from no binding', () => {
    expect(readClaims({ ...GOOD, scope: ['ff:read', 'ff:ops'] })).toMatchObject({
      claims: { actor: { scopes: new Set(['ff:read', 'ff:ops']) } },
    });
    expect(readClaims({ ...GOOD, tenants: [] })).toMatchObject({ claims: { actor: { tenants: [] } } });
  });

  it.each<[string, Record<string, unknown>]>([
    ['sub', { sub: undefined }],
    ['sub', { sub: '' }],
    ['sub', { sub: 7 }],
    ['sub', { sub: LONG }],
    ['scope', { scope: 7 }],
    ['scope', { scope: ['ff:read', 7] }],
    ['scope', { scope: { 'ff:read': true } }],
    ['tenants', { tenants: 'T-a' }],
    ['tenants', { tenants: ['T-a', null] }],
    ['tenants', { tenants: { 0: 'T-a' } }],
    ['tenants', { tenants: [''] }],
    ['tenants', { tenants: [LONG] }],
    ['tenants', { tenants: false }],
    ['roles', { roles: 'product_owner' }],
    ['roles', { roles: [['product_owner']] }],
    ['roles', { roles: 0 }],
    ['approval_ref', { approval_ref: 7 }],
    ['approval_ref', { approval_ref: '' }],
    ['approval_ref', { approval_ref: LONG }],
    ['sub', { sub: 'a\ud800b' }],
    ['sub', { sub: '\udfff' }],
    ['sub', { sub: '\u0000' }],
    ['sub', { sub: 'a\u001f' }],
    ['sub', { sub: '\u007fa' }],
    ['tenants', { tenants: ['T-a\n'] }],
    ['roles', { roles: ['a', 'b\u0000'] }],
    ['approval_ref', { approval_ref: 'APP-1\ud800' }],
    ['scope', { scope: ['ff:read', 'a\tb'] }],
    ['exp', { exp: undefined }],
    ['exp', { exp: '1000' }],
    ['exp', { exp: Infinity }],
    ['nbf', { nbf: '1' }],
    ['iat', { iat: null }],
  ])('of the wrong type are a fault: %s as %j', (claim, wrong) => {
    expect(readClaims({ ...GOOD, ...wrong })).toMatchObject({ fault: { claim } });
  });

  it.each([
    ['sub', 'a text of 1 to 256 characters without control characters'],
    ['scope', 'a text of scopes with blanks between, or a list of texts'],
    ['tenants', 'a list of tenant ids'],
    ['roles', 'a list of texts'],
    ['approval_ref', 'the id of an approval'],
    ['exp', 'a number of seconds'],
    ['nbf', 'a number of seconds'],
    ['iat', 'a number of seconds'],
  ])('that are a fault are told of with what they must be: %s', (claim, expected) => {
    expect(readClaims({ ...GOOD, [claim]: { no: 1 } })).toEqual({ fault: { claim, expected } });
  });

  it.each(['Zoë 😀', ' ', '~', '\u00a0', '\ue000'])('take an id of any characters that a text may have: %j', (id) => {
    expect(readClaims({ ...GOOD, sub: id })).toMatchObject({ claims: { actor: { id } } });
  });

  it('take an id of 256 characters', () => {
    const id = 'x'.repeat(256);
    expect(readClaims({ ...GOOD, sub: id, approval_ref: id })).toMatchObject({
      claims: { actor: { id, approvalRef: id } },
    });
  });
});

describe('claims that nobody checked', () => {
  it('are of nobody where there are none', () => {
    expect(ANONYMOUS).toEqual({
      id: 'anonymous',
      roles: [],
      scopes: new Set(),
      tenants: null,
      verified: false,
      approvalRef: null,
    });
    expect(readUncheckedClaims({})).toEqual(ANONYMOUS);
  });

  it('are read where they fit, without scopes and tenants', () => {
    const payload = { sub: 'U-9', roles: ['a', 7, 'b'], approval_ref: 'APP-1', scope: 'ff:read', tenants: ['T-a'] };
    expect(readUncheckedClaims(payload)).toEqual({
      id: 'U-9',
      roles: ['a', 'b'],
      scopes: new Set(),
      tenants: null,
      verified: false,
      approvalRef: 'APP-1',
    });
  });

  it.each([
    {},
    { sub: 7, roles: 'a', approval_ref: [] },
    { sub: '', approval_ref: '' },
    { sub: LONG, approval_ref: LONG },
    { sub: 'a\ud800b', roles: ['a\u0000'], approval_ref: 'APP-1\n' },
  ])('are passed over where they do not: %j', (payload) => {
    expect(readUncheckedClaims(payload)).toMatchObject({ id: 'anonymous', roles: [], approvalRef: null });
  });

  it('never make a verified actor', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (payload) => {
        const { verified, scopes, tenants } = readUncheckedClaims({ ...payload, verified: true });
        expect([verified, scopes.size, tenants]).toEqual([false, 0, null]);
      }),
    );
  });
});
