import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import type { Caller } from '../support/caller.ts';
import { RunningPlane } from '../support/running-plane.ts';

const DUAL = 'row-dual-finance-legal';
const SINGLE = 'row-sensitive-override';

interface Case {
  readonly name: string;
  readonly ase: string;
  readonly approval: string;
  readonly row: string;
  readonly admin: object;
  readonly ff: object;
}

const CASES: readonly Case[] = [
  {
    name: 'UC-ADM-B4-01 · ASE-01 single signer, valid',
    ase: '01',
    approval: 'APP-100001-abcd',
    row: SINGLE,
    admin: { decision: 'allow', ttl_state: 'valid' },
    ff: { enabled: true, value: true, meta: { ttl_state: 'valid', operator_alert: false } },
  },
  {
    name: 'UC-ADM-B4-02 · ASE-02 dual signer, signed_full',
    ase: '02',
    approval: 'APP-100002-dual',
    row: DUAL,
    admin: { decision: 'allow', ttl_state: 'valid' },
    ff: { enabled: true, value: true, meta: { ttl_state: 'valid', operator_alert: false } },
  },
  {
    name: 'UC-ADM-B4-03 · ASE-03 dual signer, signed_partial is denied',
    ase: '03',
    approval: 'APP-100003-partial',
    row: DUAL,
    admin: { decision: 'deny', reason: 'dual_signers_required', ttl_state: 'not-applicable' },
    ff: { enabled: false, reason: 'dual_signers_required', meta: { ttl_state: 'not-applicable' } },
  },
  {
    name: 'UC-ADM-B4-04 · ASE-04 expired approval',
    ase: '04',
    approval: 'APP-100004-expired',
    row: SINGLE,
    admin: { decision: 'deny', reason: 'approval_expired', ttl_state: 'expired' },
    ff: { enabled: false, reason: 'approval_expired', meta: { ttl_state: 'expired' } },
  },
  {
    name: 'UC-ADM-B4-05 · ASE-05 withdrawn',
    ase: '05',
    approval: 'APP-100005-withdrawn',
    row: SINGLE,
    admin: { decision: 'deny', reason: 'approval_withdrawn', ttl_state: 'not-applicable' },
    ff: { enabled: false, reason: 'approval_withdrawn', meta: { ttl_state: 'not-applicable' } },
  },
  {
    name: 'UC-ADM-B4-06 · ASE-06 stale approval with operator alert',
    ase: '06',
    approval: 'APP-100006-stale',
    row: SINGLE,
    admin: { decision: 'deny', reason: 'approval_stale', ttl_state: 'stale', meta: { operator_alert: true } },
    ff: { enabled: false, reason: 'approval_stale', meta: { ttl_state: 'stale', operator_alert: true } },
  },
];

const check = ({ ase, row }: Case) => ({
  target_type: 'feature_flag',
  target_id: `ff.fixture.ase_${ase}`,
  matrix_row: row,
});

describe.each([
  ['sim', { PTT_PROFILE: 'sim' }],
  ['2b', { PTT_PROFILE: '2b' }],
])('the approval fixtures in profile %s', (_, env) => {
  let plane: RunningPlane;
  let ff: Caller;
  let admin: Caller;
  beforeAll(async () => {
    plane = await RunningPlane.start({ env });
    ff = await plane.ff();
    admin = await plane.admin();
  });
  afterAll(() => plane.close());

  it.each(CASES)('$name', async (one) => {
    const answer = await admin.post('/api/policy/sensitive.check.2b', check(one));
    expect(answer).toMatchObject({ status: 200, body: { ...one.admin, approval_ref: one.approval } });

    const evaluated = await ff.post('/v1/flags/evaluate', { flag_key: `ff.fixture.ase_${one.ase}` });
    expect(evaluated).toMatchObject({ status: 200, body: one.ff });
    expect(evaluated.body).toMatchObject({ meta: { approval_ref: one.approval, gate: { matrix_row: one.row } } });
  });

  it('UC-ADM-B4-02 has as many signatures as required_signer_count', async () => {
    const { body } = await admin.get('/api/policy/approvals/APP-100002-dual');
    expect(body).toMatchObject({ state: 'signed_full', required_signer_count: 2, signatures: [{}, {}] });
  });

  it('all at once answers the same as one by one', async () => {
    const all = await fetch(`${admin.url}/api/policy/sensitive.check.2b`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.token ?? ''}` },
      body: JSON.stringify({ checks: CASES.map(check) }),
    });
    expect(await all.json()).toMatchObject(CASES.map((one) => ({ ...one.admin, approval_ref: one.approval })));
    const bulk = await ff.post('/v1/flags/evaluate/bulk', {
      flag_keys: CASES.map(({ ase }) => `ff.fixture.ase_${ase}`),
    });
    expect(bulk.body).toMatchObject({ flags: CASES.map(({ ff: expected }) => expected) });
  });

  it('UC-ADM-B4-07 a preview shows the envelope as deferred and records nothing', async () => {
    const before = plane.envelopes.lines.length;
    const preview = await admin.post('/api/policy/preview', {
      target_type: 'feature_flag',
      target_id: 'ff.fixture.ase_06',
      matrix_row: SINGLE,
    });
    expect(preview).toMatchObject({
      status: 200,
      body: {
        check: { decision: 'deny', reason: 'approval_stale' },
        envelope: {
          sequence: null,
          prev_hash: null,
          hash: null,
          sink_status: 'deferred',
          event: { source: '/ptt/admin' },
        },
      },
    });
    expect(plane.envelopes.lines).toHaveLength(before);
  });

  it.each([
    ['sensitive.check.2b', (body: JsonObject) => body],
    ['preview', (body: JsonObject) => body['check']],
  ])('%s denies where the token of whoever is served names an approval of something else', async (route, answerIn) => {
    const place = { target_type: 'feature_flag', target_id: 'ff.fixture.ase_01', matrix_row: SINGLE };
    const served = async (approvalRef: string) => {
      const headers = { 'PTT-Subject-Token': await plane.token({ subject: 'U-9', approvalRef }) };
      const { body } = await admin.post(`/api/policy/${route}`, place, headers);
      return answerIn(body);
    };
    expect(await served('APP-100001-abcd')).toMatchObject({ decision: 'allow', approval_ref: 'APP-100001-abcd' });
    expect(await served('APP-100002-dual')).toMatchObject({
      decision: 'deny',
      reason: 'approval_mismatch',
      approval_ref: 'APP-100002-dual',
    });
  });
});

describe('UC-ADM-B4-05 · ASE-05 never comes back', () => {
  it('refuses every way of bringing it back', async () => {
    const plane = await RunningPlane.start();
    const admin = await plane.admin({ subject: 'issuer' });
    const owner = await plane.admin({ subject: 'owner', roles: ['product_owner'] });
    const path = '/api/policy/approvals/APP-100005-withdrawn';
    const closed = { status: 409, body: { code: 'approval_closed' } };
    expect(await owner.post(`${path}/sign`, { revision: 1, role: 'product_owner', comment: 'again' })).toMatchObject(
      closed,
    );
    expect(await admin.patch(path, { revision: 1, justification: 'again' })).toMatchObject(closed);
    expect(await owner.post(`${path}/reject`, { revision: 1, reason: 'again' })).toMatchObject(closed);
    expect(await admin.post(`${path}/withdraw`, { revision: 1, reason: 'again' })).toMatchObject(closed);
    expect(await admin.get(path)).toMatchObject({ body: { state: 'withdrawn' } });
    await plane.close();
  });
});
