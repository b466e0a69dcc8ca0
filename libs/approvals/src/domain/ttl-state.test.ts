import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, ISSUED_AT, sampleApproval } from '../testing/samples.ts';
import { type ApprovalState, STATES, type UnreadableApproval } from './approval.ts';
import { type TtlState, ttlStateOf } from './ttl-state.ts';

const DEADLINE = ISSUED_AT + DAY_MS;

/** The state of an approval in time, just before each boundary, on it and just behind it. */
const IN_TIME: Record<ApprovalState, TtlState> = {
  pending: 'not-applicable',
  signed_partial: 'not-applicable',
  signed_full: 'valid',
  withdrawn: 'not-applicable',
  rejected: 'not-applicable',
};

const isFinal = (state: ApprovalState): boolean => state === 'withdrawn' || state === 'rejected';

describe('ttl_state', () => {
  it.each(STATES.map((state) => [state]))('of %s at every boundary, one millisecond either way', (state) => {
    const approval = sampleApproval({ state, sla_deadline: DEADLINE });
    const late = (ttlState: TtlState): TtlState => (isFinal(state) ? 'not-applicable' : ttlState);
    expect([
      ttlStateOf(approval, ISSUED_AT),
      ttlStateOf(approval, DEADLINE - 1),
      ttlStateOf(approval, DEADLINE),
      ttlStateOf(approval, DEADLINE + 1),
      ttlStateOf(approval, DEADLINE + 24 * HOUR_MS - 1),
      ttlStateOf(approval, DEADLINE + 24 * HOUR_MS),
      ttlStateOf(approval, DEADLINE + 24 * HOUR_MS + 1),
    ]).toEqual([
      IN_TIME[state],
      IN_TIME[state],
      late('expired'),
      late('expired'),
      late('expired'),
      late('expired'),
      late('stale'),
    ]);
  });

  it.each(STATES.map((state) => [state]))('of %s without a deadline is stale unless it is final', (state) => {
    const approval = sampleApproval({ state, sla_deadline: null });
    for (const at of [0, ISSUED_AT]) expect(ttlStateOf(approval, at)).toBe(isFinal(state) ? 'not-applicable' : 'stale');
  });

  it('of a state that it does not know is no state at all', () => {
    const odd = JSON.parse(JSON.stringify({ ...sampleApproval(), state: 'odd' }));
    expect(() => ttlStateOf(odd, ISSUED_AT)).toThrow('no case for "odd"');
  });

  it('of a row that cannot be read is not applicable', () => {
    const { target_type, target_id, matrix_row, issued_at } = sampleApproval();
    const row: UnreadableApproval = {
      state: 'unreadable',
      id: 'APP-100100-sample',
      target_type,
      target_id,
      matrix_row,
      issued_at,
      version: 1,
      document: {},
      faults: [],
    };
    expect(ttlStateOf(row, DEADLINE + 3 * DAY_MS)).toBe('not-applicable');
  });
});
