import { describe, expect, it } from '@jest/globals';
import {
  DAY_MS,
  DUAL,
  HOUR_MS,
  ISSUED_AT,
  SINGLE,
  type Sample,
  sampleApproval,
  sampleRow,
} from '../testing/samples.ts';
import type { StoredApproval } from './approval.ts';
import { type CheckFacts, type Verdict, checkDecision, selectApproval } from './check.ts';

const DEADLINE = ISSUED_AT + 3 * DAY_MS;
const full = (sample: Sample = {}): StoredApproval =>
  sampleApproval({ state: 'signed_full', sla_deadline: DEADLINE, signed: [['sam', 'product_owner']], ...sample });

function check(facts: Partial<CheckFacts>): Verdict {
  return checkDecision({
    place: SINGLE,
    row: sampleRow(SINGLE.matrix_row),
    candidates: [full()],
    named: null,
    at: ISSUED_AT,
    ...facts,
  });
}

const denied = (
  reason: string,
  ttl_state = 'not-applicable',
  approval_ref: string | null = 'APP-100100-sample',
): unknown => ({
  decision: 'deny',
  reason,
  ttl_state,
  approval_ref,
});

describe('a check', () => {
  it.each([
    ['at issue', ISSUED_AT, 'allow', 2 * DAY_MS],
    ['1 ms before warn_before', DEADLINE - DAY_MS - 1, 'allow', 1],
    ['at warn_before', DEADLINE - DAY_MS, 'allow-with-warning', DAY_MS],
    ['1 ms after warn_before', DEADLINE - DAY_MS + 1, 'allow-with-warning', DAY_MS - 1],
    ['1 ms before the deadline', DEADLINE - 1, 'allow-with-warning', 1],
  ])('allows what is fully signed %s, until the next boundary', (_when, at, decision, valid_for_ms) => {
    expect(check({ at })).toEqual({ decision, ttl_state: 'valid', approval_ref: 'APP-100100-sample', valid_for_ms });
  });

  it.each([
    ['at the deadline', DEADLINE, denied('approval_expired', 'expired')],
    ['24 h behind the deadline', DEADLINE + 24 * HOUR_MS, denied('approval_expired', 'expired')],
    ['24 h and 1 ms behind the deadline', DEADLINE + 24 * HOUR_MS + 1, denied('approval_stale', 'stale')],
  ])('denies %s', (_when, at, verdict) => {
    expect(check({ at })).toEqual(verdict);
  });

  it('crashes on a state that it does not know', () => {
    const approval = JSON.parse(JSON.stringify({ ...full({ sla_deadline: null }), state: 'odd' }));
    expect(() => check({ named: { ref: approval.id, approval } })).toThrow(/^no case for .*"odd"/);
  });

  it.each<[Sample, unknown]>([
    [{ state: 'pending', signed: [] }, denied('approval_pending')],
    [{ state: 'signed_partial' }, denied('dual_signers_required')],
    [{ state: 'withdrawn' }, denied('approval_withdrawn')],
    [{ state: 'rejected' }, denied('approval_rejected')],
    [{ sla_deadline: null }, denied('approval_stale', 'stale')],
    [{ state: 'pending', signed: [], sla_deadline: ISSUED_AT }, denied('approval_expired', 'expired')],
    [{ state: 'signed_partial', sla_deadline: ISSUED_AT - DAY_MS - 1 }, denied('approval_stale', 'stale')],
    [{ state: 'withdrawn', sla_deadline: ISSUED_AT - 5 * DAY_MS }, denied('approval_withdrawn')],
    [{ state: 'rejected', sla_deadline: null }, denied('approval_rejected')],
  ])('denies %j', (sample, verdict) => {
    expect(check({ candidates: [full(sample)] })).toEqual(verdict);
  });

  it('denies a row that cannot be read', () => {
    const { id, target_type, target_id, matrix_row, issued_at, version } = full();
    const row: StoredApproval = {
      id,
      target_type,
      target_id,
      matrix_row,
      issued_at,
      version,
      state: 'unreadable',
      document: {},
      faults: [],
    };
    expect(check({ candidates: [row] })).toEqual(denied('policy_fail_safe'));
  });

  it('denies where there is no approval', () => {
    expect(check({ candidates: [] })).toEqual(denied('approval_missing', 'not-applicable', null));
  });

  it('denies a row that the matrix does not have, whatever was signed', () => {
    expect(check({ row: null })).toEqual(denied('matrix_row_unknown', 'not-applicable', null));
  });

  it('denies a row with no roles, whatever was signed', () => {
    expect(check({ row: sampleRow('row-nobody') })).toEqual(denied('policy_fail_safe', 'not-applicable', null));
  });

  it('denies where the matrix has come to ask for a role that has not signed', () => {
    const row = { ...sampleRow(SINGLE.matrix_row), required_roles: ['product_owner', 'legal_gate'] };
    expect(check({ row })).toEqual(denied('policy_fail_safe', 'valid'));
  });

  it('allows where the matrix has come to ask for less', () => {
    const row = { ...sampleRow(SINGLE.matrix_row), required_roles: ['product_owner'] };
    const both = full({
      signed: [
        ['sam', 'product_owner'],
        ['lea', 'legal_gate'],
      ],
    });
    expect(check({ row, candidates: [both] }).decision).toBe('allow');
  });

  it.each([
    [{ target_type: 'other' }],
    [{ target_id: 'ff.cm.advanced_polic' }],
    [{ matrix_row: 'row-dual-finance-legal' }],
  ])('passes over an approval for something else: %j', (place) => {
    expect(check({ candidates: [full(place)] })).toEqual(denied('approval_missing', 'not-applicable', null));
  });

  describe('with an approval named by the token', () => {
    const ref = 'APP-100007-named';

    it('uses that one and no better one', () => {
      const named = full({ id: ref, state: 'withdrawn' });
      expect(check({ named: { ref, approval: named } })).toEqual(denied('approval_withdrawn', 'not-applicable', ref));
    });

    it('uses that one and no worse one', () => {
      const named = full({ id: ref });
      const verdict = check({ named: { ref, approval: named }, candidates: [full({ state: 'rejected' })] });
      expect(verdict).toMatchObject({ decision: 'allow', approval_ref: ref });
    });

    it.each([[{ target_type: 'other' }], [{ target_id: 'ff.other' }], [{ matrix_row: DUAL.matrix_row }]])(
      'denies when it is for something else: %j',
      (place) => {
        const verdict = check({ named: { ref, approval: full({ id: ref, ...place }) } });
        expect(verdict).toEqual(denied('approval_mismatch', 'not-applicable', ref));
      },
    );

    it('denies when there is no such approval', () => {
      expect(check({ named: { ref, approval: null } })).toEqual(denied('approval_mismatch', 'not-applicable', ref));
    });

    it('denies an unknown row first', () => {
      expect(check({ row: null, named: { ref, approval: null } })).toMatchObject({ reason: 'matrix_row_unknown' });
    });
  });
});

describe('the approval that a check uses', () => {
  const select = (...samples: Sample[]): string | undefined =>
    selectApproval(samples.map(full), SINGLE, ISSUED_AT + HOUR_MS)?.id;

  it('is the valid one, though another is newer', () => {
    const [valid, newer] = [
      { id: 'APP-100001-a' },
      { id: 'APP-100002-b', issued_at: ISSUED_AT + 9, state: 'rejected' },
    ] as const;
    expect([select(valid, newer), select(newer, valid)]).toEqual(['APP-100001-a', 'APP-100001-a']);
  });

  it('is the newest by issued_at where none is valid', () => {
    const older = { id: 'APP-100009-a', state: 'rejected' } as const;
    const newer = { id: 'APP-100001-b', issued_at: ISSUED_AT + 1, state: 'withdrawn' } as const;
    expect([select(older, newer), select(newer, older)]).toEqual(['APP-100001-b', 'APP-100001-b']);
  });

  it('is the one with the higher id where both were issued at once', () => {
    const one = { id: 'APP-100001-a', state: 'rejected' } as const;
    const other = { id: 'APP-100002-a', state: 'rejected' } as const;
    expect([select(one, other), select(other, one)]).toEqual(['APP-100002-a', 'APP-100002-a']);
  });

  it('is the newest of several valid ones', () => {
    expect(select({ id: 'APP-100001-a' }, { id: 'APP-100002-a' }, { id: 'APP-100001-b' })).toBe('APP-100002-a');
  });

  it('is none of another place', () => {
    expect(select({ target_id: 'ff.other' })).toBeUndefined();
  });
});
