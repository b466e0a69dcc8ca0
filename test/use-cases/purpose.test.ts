import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textOf } from '../support/caller.ts';
import { RunningPlane } from '../support/running-plane.ts';

describe('a sensitive flag, over the REST API alone', () => {
  let plane: RunningPlane;
  beforeAll(async () => {
    plane = await RunningPlane.start();
  });
  afterAll(() => plane.close());

  it('is turned on by a signed approval and off by its withdrawal, each with its event and its envelope', async () => {
    const ff = await plane.ff({ subject: 'reader' });
    const issuer = await plane.admin({ subject: 'issuer' });
    const owner = await plane.admin({ subject: 'owner', roles: ['product_owner'] });
    const flagKey = 'ff.cm.advanced_policy';
    const evaluate = () => ff.post('/v1/flags/evaluate', { flag_key: flagKey });
    const recorded = () => plane.envelopes.data.map(({ action, outcome }) => [action, outcome]);

    const set = await ff.put('/v1/flags/override/tenant/T-pty/ff.example', { value: true, reason: 'pilot' });
    expect(set).toMatchObject({ status: 200, body: { override: { value: true, set_by: 'reader' } } });
    expect(await evaluate()).toMatchObject({ body: { enabled: false, reason: 'approval_missing' } });

    const issued = await issuer.post('/api/policy/approvals', {
      target_type: 'feature_flag',
      target_id: flagKey,
      matrix_row: 'row-sensitive-override',
      justification: 'the pilot begins',
    });
    expect(issued).toMatchObject({ status: 201, body: { state: 'pending', revision: 1 } });
    const approval = `/api/policy/approvals/${textOf(issued.body['id'])}`;
    expect(await evaluate()).toMatchObject({ body: { enabled: false, reason: 'approval_pending' } });

    const signed = await owner.post(`${approval}/sign`, { revision: 1, role: 'product_owner' });
    expect(signed).toMatchObject({ status: 200, body: { state: 'signed_full', ttl_state: 'valid' } });
    expect(await evaluate()).toMatchObject({
      body: { enabled: true, value: true, meta: { approval_ref: issued.body['id'], ttl_state: 'valid' } },
    });

    const withdrawn = await issuer.post(`${approval}/withdraw`, { revision: 1, reason: 'the pilot is over' });
    expect(withdrawn).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
    expect(await evaluate()).toMatchObject({ body: { enabled: false, reason: 'approval_withdrawn' } });

    expect(recorded().slice(-4)).toEqual([
      ['override.set', 'accepted'],
      ['approval.issued', 'accepted'],
      ['approval.signed', 'accepted'],
      ['approval.withdrawn', 'accepted'],
    ]);
    const metrics = await fetch(`${ff.url}/metrics`).then((response) => response.text());
    expect(metrics).toContain('ptt_cache_invalidations_total{trigger="override_mutation"}');
    expect(metrics).toContain('ptt_approval_refreshes_total 3');
  });
});
