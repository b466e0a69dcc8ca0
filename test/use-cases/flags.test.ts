import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { parseJson } from '#libs/kernel';
import { Caller, textOf } from '../support/caller.ts';
import { RunningPlane } from '../support/running-plane.ts';
import { TurnedClock } from '../support/turned-clock.ts';

const HOUR_MS = 3_600_000;

describe('UC-FF2B+-01 verified against decode-only for the same header', () => {
  let plane: RunningPlane;
  beforeAll(async () => {
    plane = await RunningPlane.start({ replicas: ['verified', 'decode-only'] });
  });
  afterAll(() => plane.close());

  const both = async (token: string | null) => {
    const question = { flag_key: 'ff.example' };
    const [verifying, decoding] = plane.plane.ff.map(({ url }) => new Caller(url, token));
    const a = await verifying?.post('/v1/flags/evaluate', question);
    const b = await decoding?.post('/v1/flags/evaluate', question);
    return { a, b };
  };

  it('FF-A and FF-B answer the same flag to a good token; only FF-B warns', async () => {
    const { a, b } = await both(await plane.token());
    expect(a).toMatchObject({ status: 200, body: { value: false, warnings: [], meta: { verification: 'verified' } } });
    expect(b).toMatchObject({
      status: 200,
      body: { value: false, warnings: ['auth_not_verified'], meta: { verification: 'decode-only' } },
    });
  });

  it.each([
    ['another audience', () => plane.token({ audience: 'ptt-admin' })],
    ['another issuer', () => foreignToken({ issuer: 'https://elsewhere.example' })],
    ['a signature by another key', () => foreignToken({})],
    ['garbage', () => Promise.resolve('garbage')],
  ])('FF-A refuses %s with 401, FF-B answers and warns', async (_, makeToken) => {
    const { a, b } = await both(await makeToken());
    expect(a).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
    expect(a?.headers.get('www-authenticate')).toContain('Bearer');
    expect(b).toMatchObject({ status: 200, body: { warnings: ['auth_not_verified'] } });
  });

  it('FF-A refuses no token with 401, FF-B answers anonymously and warns', async () => {
    const { a, b } = await both(null);
    expect(a).toMatchObject({ status: 401, body: { code: 'token_missing' } });
    expect(b).toMatchObject({ status: 200, body: { warnings: ['auth_not_verified'] } });
  });

  async function foreignToken({ issuer = plane.plane.issuer.url }: { issuer?: string }): Promise<string> {
    const { privateKey } = await generateKeyPair('ES256');
    const { keys } = await plane.plane.issuer.jwks();
    return new SignJWT({ scope: 'ff:read' })
      .setProtectedHeader({ alg: 'ES256', kid: keys[0]?.kid ?? '' })
      .setIssuer(issuer)
      .setSubject('mallory')
      .setAudience('ptt-ff')
      .setExpirationTime('1h')
      .sign(privateKey);
  }
});

describe('UC-FF2B+-01 a token’s times', () => {
  it('FF-A refuses a token that has expired, FF-B answers', async () => {
    const clock = new TurnedClock();
    const plane = await RunningPlane.start({ replicas: ['verified', 'decode-only'], ambient: clock.ambient });
    try {
      const verifying = await plane.ff({ ttlSeconds: 60 }, 0);
      const decoding = new Caller(plane.plane.ff[1]?.url ?? '', verifying.token);
      const question = { flag_key: 'ff.example' };
      expect(await verifying.post('/v1/flags/evaluate', question)).toMatchObject({ status: 200 });
      clock.turn(HOUR_MS);
      expect(await verifying.post('/v1/flags/evaluate', question)).toMatchObject({
        status: 401,
        body: { code: 'token_invalid' },
      });
      expect(await decoding.post('/v1/flags/evaluate', question)).toMatchObject({ status: 200 });
    } finally {
      await plane.close();
    }
  });
});

describe('UC-FF2B+-02 tenant override with its backing explained', () => {
  it('changes the file and what this process answers, and warns of replicas', async () => {
    const plane = await RunningPlane.start();
    const ff = await plane.ff({ subject: 'ops' });
    const put = await ff.put('/v1/flags/override/tenant/T-pty/ff.example', { value: true, reason: 'pilot' });
    expect(put).toMatchObject({
      status: 200,
      body: {
        override: { scope: 'tenant', subject_id: 'T-pty', flag_key: 'ff.example', value: true, set_by: 'ops' },
        warnings: ['file_backed_not_replicated'],
        meta: { backing_state: 'file_backed' },
      },
    });
    expect(await ff.post('/v1/flags/evaluate', { flag_key: 'ff.example', tenant_id: 'T-pty' })).toMatchObject({
      body: { enabled: true, reason: 'tenant_override', meta: { backing_state: 'file_backed' } },
    });
    await plane.plane.close();
    const file = await readFile(join(plane.dataDir, 'ff', 'override_examples.json'), 'utf8');
    expect(parseJson(file)).toMatchObject({
      tenant_overrides: expect.arrayContaining([
        expect.objectContaining({ subject_id: 'T-pty', flag_key: 'ff.example', variant: 'on', reason: 'pilot' }),
      ]),
    });
    await plane.close();
  });
});

describe('UC-FF2B+-03 user override with its precedence explained', () => {
  it('tenant says false, user U-9 true: on, with the chain from top to bottom', async () => {
    const plane = await RunningPlane.start();
    const ff = await plane.ff();
    await ff.put('/v1/flags/override/tenant/T-pty/ff.example', { value: false, reason: 'not yet' });
    await ff.put('/v1/flags/override/user/U-9/ff.example', { value: true, reason: 'tester' });
    const question = { flag_key: 'ff.example', tenant_id: 'T-pty', user_id: 'U-9' };
    expect(await ff.post('/v1/flags/evaluate', question)).toMatchObject({
      status: 200,
      body: {
        enabled: true,
        value: true,
        variant: 'on',
        reason: 'user_override_precedence',
        meta: {
          backing_state: 'file_backed',
          chain: [
            { layer: 'user_override', subject: 'U-9', outcome: 'matched', value: true },
            { layer: 'tenant_override', subject: 'T-pty', outcome: 'shadowed', value: false },
            { layer: 'targeting', outcome: 'not_consulted' },
            { layer: 'registry_default', outcome: 'shadowed', value: false },
          ],
        },
      },
    });
    await plane.close();
  });
});

describe('UC-FF2B+-05 sensitive flag gated through Admin', () => {
  it('valid: allowed with its approval_ref; expired: denied as approval_expired', async () => {
    const clock = new TurnedClock();
    const plane = await RunningPlane.start({ ambient: clock.ambient });
    const admin = await plane.admin({ subject: 'issuer' });
    const owner = await plane.admin({ subject: 'owner', roles: ['product_owner'] });
    const { body: approval } = await admin.post('/api/policy/approvals', {
      target_type: 'feature_flag',
      target_id: 'ff.cm.advanced_policy',
      matrix_row: 'row-sensitive-override',
      justification: 'the pilot begins',
      sla_deadline: new Date(clock.now() + HOUR_MS).toISOString(),
    });
    const approvalRef = textOf(approval['id']);
    await owner.post(`/api/policy/approvals/${approvalRef}/sign`, { revision: 1, role: 'product_owner' });
    const ask = async () => {
      const ff = await plane.ff({ approvalRef });
      return ff.post('/v1/flags/evaluate', { flag_key: 'ff.cm.advanced_policy' });
    };
    expect(await ask()).toMatchObject({
      body: {
        enabled: true,
        meta: { approval_ref: approvalRef, ttl_state: 'valid', gate: { matrix_row: 'row-sensitive-override' } },
      },
    });
    clock.turn(HOUR_MS);
    expect(await ask()).toMatchObject({
      body: {
        enabled: false,
        value: false,
        reason: 'approval_expired',
        meta: { approval_ref: approvalRef, ttl_state: 'expired' },
      },
    });
    await plane.close();
  });

  it('a token that names an approval for something else is denied as approval_mismatch', async () => {
    const plane = await RunningPlane.start();
    const ff = await plane.ff({ approvalRef: 'APP-100001-abcd' });
    expect(await ff.post('/v1/flags/evaluate', { flag_key: 'ff.cm.advanced_policy' })).toMatchObject({
      body: { enabled: false, reason: 'approval_mismatch' },
    });
    await plane.close();
  });
});

describe('both services only decode', () => {
  it('a gated answer says auth_not_verified once', async () => {
    const plane = await RunningPlane.start({ env: { PTT_PROFILE: '2b', PTT_GATE: 'http' } });
    const ff = await plane.ff(null);
    const { body } = await ff.post('/v1/flags/evaluate', { flag_key: 'ff.fixture.ase_01' });
    expect(body).toMatchObject({ enabled: true, warnings: ['auth_not_verified'] });
    await plane.close();
  });
});
