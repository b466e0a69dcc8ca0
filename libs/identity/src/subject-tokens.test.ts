import { beforeAll, describe, expect, it } from '@jest/globals';
import { ManualClock } from '#libs/platform/testing';
import { DecodeOnlyTokens } from './decode-only-tokens.ts';
import { SubjectTokens } from './subject-tokens.ts';
import { AUDIENCE, claimsAt, ISSUER, keySet, ScriptedJwks, sign, testKey, type TestKey } from './testing/index.ts';
import { VerifiedTokens } from './verified-tokens.ts';

let key: TestKey;
beforeAll(async () => {
  key = await testKey();
});

function setUp() {
  const clock = new ManualClock();
  const source = new ScriptedJwks(key);
  const keys = keySet(source, clock);
  const subjects = new SubjectTokens(new VerifiedTokens(keys, clock, { issuer: ISSUER, audience: AUDIENCE }));
  return { source, subjects, claims: (more = {}) => claimsAt(clock.now() / 1_000, more) };
}

describe('the token of FF’s caller, at Admin', () => {
  it('names the approval that is meant', async () => {
    const { subjects, claims } = setUp();
    const token = await sign(key, claims({ approval_ref: 'APP-1' }));
    await expect(subjects.read(token)).resolves.toMatchObject({ actor: { approvalRef: 'APP-1', verified: true } });
  });

  it.each([undefined, ''])('may be absent: %j', async (header) => {
    await expect(setUp().subjects.read(header)).resolves.toBeNull();
  });

  it('is refused under its own code, and with its place', async () => {
    const { subjects, claims } = setUp();
    const forAdmin = await sign(key, claims({ aud: 'ptt-admin' }));
    const refusal = { code: 'subject_token_invalid', pointer: '#/header/PTT-Subject-Token' };
    await expect(subjects.read(forAdmin)).rejects.toMatchObject(refusal);
    await expect(subjects.read('garbage')).rejects.toMatchObject(refusal);
    await expect(subjects.read('a b')).rejects.toThrow('In PTT-Subject-Token: The token does not hold');
  });

  it('cannot be judged while the issuer was never reached', async () => {
    const { subjects, claims, source } = setUp();
    source.next = new Error('down');
    await expect(subjects.read(await sign(key, claims()))).rejects.toMatchObject({ code: 'issuer_unavailable' });
  });

  it('is only read in decode-only mode', async () => {
    const subjects = new SubjectTokens(new DecodeOnlyTokens());
    const token = await sign(key, claimsAt(0, { approval_ref: 'APP-1' }));
    await expect(subjects.read(token)).resolves.toMatchObject({ actor: { approvalRef: 'APP-1', verified: false } });
    await expect(subjects.read('garbage')).resolves.toMatchObject({ actor: { id: 'anonymous' } });
  });
});
