import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chainOf, entriesOf } from '#libs/audit/testing';
import { REASONS } from '#libs/flags';
import { NodeIds } from '#libs/platform';
import type { Caller } from '../support/caller.ts';
import { RunningPlane } from '../support/running-plane.ts';

/** The values of a metric, by their labels as the text has them. */
async function metric({ url }: Caller, name: string): Promise<ReadonlyMap<string, number>> {
  const text = await fetch(`${url}/metrics`).then((response) => response.text());
  const values = text.split('\n').flatMap((line): readonly (readonly [string, number])[] => {
    const [, labels = '', value = ''] = new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`).exec(line) ?? [];
    return value === '' ? [] : [[labels, Number(value)]];
  });
  return new Map(values);
}

describe('the metrics of FF', () => {
  let plane: RunningPlane;
  let ff: Caller;
  beforeAll(async () => {
    plane = await RunningPlane.start();
    ff = await plane.ff();
  });
  afterAll(() => plane.close());

  it('count evaluations by their reason, each of the closed set from the start', async () => {
    const name = 'ptt_ff_evaluations_total';
    expect(await metric(ff, name)).toEqual(new Map(REASONS.map((reason) => [`reason="${reason}"`, 0])));
    await ff.post('/v1/flags/evaluate', { flag_key: 'ff.daily_queue.simulation' });
    await ff.post('/v1/flags/evaluate', { flag_key: 'ff.nothing' });
    await ff.post('/v1/flags/evaluate', { flag_key: 'ff.fixture.ase_04' });
    const flag_keys = ['ff.daily_queue.simulation', 'ff.nothing', 'ff.fixture.ase_05'];
    await ff.post('/v1/flags/evaluate/bulk', { flag_keys });
    const given = [...(await metric(ff, name))].filter(([, value]) => value > 0);
    expect(Object.fromEntries(given)).toEqual({
      'reason="registry_default"': 2,
      'reason="flag_not_found"': 2,
      'reason="approval_expired"': 1,
      'reason="approval_withdrawn"': 1,
    });
  });

  it('tell how many answers came from the text of their flag’s last one', async () => {
    const before = Object.fromEntries(await metric(ff, 'ptt_ff_answer_texts_total'));
    for (const user_id of ['U-1', 'U-2']) {
      await ff.post('/v1/flags/evaluate', { flag_key: 'ff.cm.advanced_policy', tenant_id: 'T-texts', user_id });
    }
    const after = Object.fromEntries(await metric(ff, 'ptt_ff_answer_texts_total'));
    const grown = ['source="kept"', 'source="written"'].map((source) => (after[source] ?? 0) - (before[source] ?? 0));
    expect(grown).toEqual([1, 1]);
    expect([...(await metric(ff, 'ptt_ff_answer_texts_kept')).values()]).toEqual([expect.any(Number)]);
  });

  it('tell in which state the breaker is, what may be reused, and what waits', async () => {
    await ff.post('/v1/flags/evaluate', { flag_key: 'ff.fixture.ase_01' });
    expect(Object.fromEntries(await metric(ff, 'ptt_gate_breaker'))).toEqual({
      'state="closed"': 1,
      'state="open"': 0,
      'state="half-open"': 0,
    });
    expect(await metric(ff, 'ptt_gate_reusable_allows')).toEqual(new Map([['', 1]]));
    expect(await metric(ff, 'ptt_gate_questions_under_way')).toEqual(new Map([['', 0]]));
    expect(await metric(ff, 'ptt_tokens_remembered')).toEqual(new Map([['', 1]]));
  });

  it.each([
    ['override_mutation', () => ff.put('/v1/flags/override/tenant/T-1/ff.example', { value: true, reason: 'a trial' })],
    ['registry_reload', () => ff.post('/v1/flags/registry/reload')],
    ['manual_op', () => ff.post('/v1/cache/invalidate', { namespace: 'flag' })],
  ])('count an invalidation by its trigger: %s', async (trigger, act) => {
    const counted = async (): Promise<Record<string, number>> =>
      Object.fromEntries(await metric(ff, 'ptt_cache_invalidations_total'));
    const before = await counted();
    expect(await act()).toMatchObject({ status: 200 });
    expect(await counted()).toEqual({ ...before, [`trigger="${trigger}"`]: (before[`trigger="${trigger}"`] ?? 0) + 1 });
    expect(before).toHaveProperty(['trigger="ttl_expiry"'], 0);
  });
});

describe('the metrics of Admin', () => {
  let plane: RunningPlane;
  beforeAll(async () => {
    plane = await RunningPlane.start();
  });
  afterAll(() => plane.close());

  it('count what an operator must look at by its kind: a chain that was altered', async () => {
    const admin = await plane.admin();
    const ids = new NodeIds();
    const ingest = () => {
      const records = chainOf('/ptt/ff', ids, entriesOf(1));
      return admin.post('/api/audit/ingest', JSON.parse(JSON.stringify({ source: '/ptt/ff', records })));
    };
    expect(await ingest()).toMatchObject({ status: 200 });
    expect(await metric(admin, 'ptt_alerts_total')).toEqual(new Map());
    expect(await ingest()).toMatchObject({ status: 409, body: { code: 'ingest_conflict' } });
    expect(await metric(admin, 'ptt_alerts_total')).toEqual(new Map([['kind="ingest_conflict"', 1]]));
  });
});
