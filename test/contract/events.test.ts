import { describe, expect, it } from '@jest/globals';
import { validators } from '#libs/contracts';

describe('the events', () => {
  const event_id = '019ab000-0000-7000-8000-000000000001';
  const invalidate = {
    v: 1,
    event_id,
    namespace: 'override',
    trigger: 'override_mutation',
    occurred_at: '2026-11-22T21:06:38.000Z',
    source: '/ptt/ff',
  };
  const one = { key: 'ptt:ff:override:user:U-9:ff.example', version: 7 };
  const many = { scope: { tenant: 'T-pty' }, epoch: 3 };

  it('ptt.ff.invalidate names either an entry or a scope', () => {
    expect(validators.pttFfInvalidateV1.faultsOf({ ...invalidate, ...one })).toEqual([]);
    expect(validators.pttFfInvalidateV1.faultsOf({ ...invalidate, ...many })).toEqual([]);
    expect(validators.pttFfInvalidateV1.faultsOf({ ...invalidate, scope: {}, epoch: 0 })).toEqual([]);
  });

  it.each([
    ['neither', {}],
    ['both', { ...one, ...many }],
    ['a key without a version', { key: one.key }],
    ['a scope of two things', { scope: { tenant: 'T-pty', user: 'U-9' }, epoch: 3 }],
    ['an unknown member', { ...one, extra: 1 }],
    ['another version of the shape', { ...one, v: 2 }],
    ['an instant without milliseconds', { ...one, occurred_at: '2026-11-22T21:06:38Z' }],
    ['a day that does not exist', { ...one, occurred_at: '2026-02-30T00:00:00.000Z' }],
    ['a key of another prefix', { ...one, key: 'other:flag:x' }],
    ['a key with a blank', { ...one, key: 'ptt:ff:flag:a b' }],
  ])('ptt.ff.invalidate does not name %s', (_, change) => {
    expect(validators.pttFfInvalidateV1({ ...invalidate, ...change })).toBe(false);
  });

  const refresh = {
    event_id,
    event: 'approval_ttl_refresh',
    approval_id: 'APP-100001-abcd',
    target_type: 'feature_flag',
    target_id: 'ff.example',
    matrix_row: 'row',
    state: 'signed_full',
    ttl_state: 'valid',
    sla_deadline: '2026-12-14T09:15:00.000Z',
    revision: 1,
    version: 9,
    occurred_at: '2026-11-22T21:06:38.000Z',
    cause: 'signed',
  };

  it('approval_ttl_refresh is taken as Admin sends it, with no deadline too', () => {
    expect(validators.approvalTtlRefreshV1.faultsOf(refresh)).toEqual([]);
    expect(validators.approvalTtlRefreshV1.faultsOf({ ...refresh, sla_deadline: null })).toEqual([]);
  });

  it.each([
    ['state', 'expired'],
    ['ttl_state', 'unknown'],
    ['cause', 'forgotten'],
    ['approval_id', 'APP-1-x'],
    ['revision', 0],
    ['event_id', 'x'],
    ['extra', 1],
  ])('approval_ttl_refresh is refused with %s %s', (member, value) => {
    expect(validators.approvalTtlRefreshV1({ ...refresh, [member]: value })).toBe(false);
  });
});
