import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CompactSign, importJWK, jwtVerify } from 'jose';
import { LEEWAY_SECONDS } from './domain/claims.ts';
import { AUDIENCE, ISSUER, testKey, type TestKey } from './testing/index.ts';
import { read, setUp } from './testing/token-set-up.ts';

let key: TestKey;
beforeAll(async () => {
  key = await testKey();
});

/** A token of ours that is signed over this text, whatever it says. */
function signText(text: string | Uint8Array, header: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const payload = typeof text === 'string' ? Buffer.from(text) : text;
  const signing = new CompactSign(payload).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header });
  return signing.sign(key.privateKey, { crit: { b64: true } });
}

/** The same checks as a library of its own makes them. */
async function holdsByJose(token: string, at: number): Promise<boolean> {
  const options = { issuer: ISSUER, audience: AUDIENCE, algorithms: [key.alg], requiredClaims: ['exp'] };
  const times = { clockTolerance: LEEWAY_SECONDS, currentDate: new Date(at) };
  try {
    const { payload } = await jwtVerify(token, await importJWK(key.publicJwk, key.alg), { ...options, ...times });
    // What is ours alone: nothing was issued in the future, and the end is met to the millisecond.
    const { iat = 0, exp = 0 } = payload;
    return (iat - LEEWAY_SECONDS) * 1_000 <= at && at < (exp + LEEWAY_SECONDS) * 1_000;
  } catch {
    return false;
  }
}

async function holdsHere({ tokens }: ReturnType<typeof setUp>, token: string): Promise<boolean> {
  return read(tokens, token).then(
    () => true,
    () => false,
  );
}

describe('jose agrees', () => {
  it('about issuer, audience and times of any token that is signed', async () => {
    const plane = setUp(key);
    const now = plane.clock.now();
    const offset = fc.oneof(
      fc.integer({ min: -8, max: 8 }),
      fc.integer({ min: -8_000, max: 8_000 }).map((ms) => ms / 1_000),
    );
    const time = fc.oneof(
      { weight: 8, arbitrary: offset.map((by) => now / 1_000 + by) },
      { weight: 1, arbitrary: fc.constantFrom(undefined, null, '', '9999999999', true, [], {}, 0, -1, 1e300) },
    );
    const far = { weight: 4, arbitrary: fc.constant(now / 1_000 + 600) };
    const claims = fc.record(
      {
        sub: fc.constant('U-9'),
        iss: fc.oneof(
          { weight: 9, arbitrary: fc.constant(ISSUER) },
          {
            weight: 1,
            arbitrary: fc.constantFrom(`${ISSUER}/`, ISSUER.toUpperCase(), '', null, [ISSUER], { 0: ISSUER }),
          },
        ),
        aud: fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom(AUDIENCE, [AUDIENCE], ['x', AUDIENCE]) },
          {
            weight: 1,
            arbitrary: fc.constantFrom('x', '', [], ['x'], [[AUDIENCE]], `${AUDIENCE} x`, null, { 0: AUDIENCE }),
          },
        ),
        exp: fc.oneof(far, { weight: 1, arbitrary: time }),
        nbf: time,
        iat: time,
      },
      { requiredKeys: ['sub'] },
    );
    const seen = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(claims, fc.integer({ min: 0, max: 999 }), async (its, ms) => {
        plane.clock.step(now + ms - plane.clock.now());
        const token = await signText(JSON.stringify(its));
        const holds = await holdsByJose(token, plane.clock.now());
        seen.add(holds);
        expect(await holdsHere(plane, token)).toBe(holds);
      }),
      { numRuns: 1_000 },
    );
    expect(seen.size).toBe(2);
  });

  it.each([
    ['no JSON', 'garbage'],
    ['half a document', '{"sub":"U-9"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"U-9"'],
    ['nothing', ''],
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
  ])('that a token that says %s is none', async (_, payload) => {
    const plane = setUp(key);
    const token = await signText(payload);
    expect([await holdsByJose(token, plane.clock.now()), await holdsHere(plane, token)]).toEqual([false, false]);
  });

  it.each([
    ['unknown extensions', { crit: ['exp'], exp: 1 }],
    ['a payload that is not encoded', { crit: ['b64'], b64: false }],
  ])('that a token with %s is none', async (_, header) => {
    const plane = setUp(key);
    const good = await signText(JSON.stringify(plane.claims()));
    expect([await holdsByJose(good, plane.clock.now()), await holdsHere(plane, good)]).toEqual([true, true]);
    const signed = signText(JSON.stringify(plane.claims()), header);
    const token = await signed.catch(() => {
      const head = Buffer.from(JSON.stringify({ alg: key.alg, kid: key.kid, ...header })).toString('base64url');
      return [head, ...good.split('.').slice(1)].join('.');
    });
    expect([await holdsByJose(token, plane.clock.now()), await holdsHere(plane, token)]).toEqual([false, false]);
  });
});
