import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DENIAL_REASONS, TTL_STATES } from './approval-check.ts';
import { decisionOf, deniedBy } from './gate-decision.ts';
import { allowing, denying } from './testing/index.ts';

describe('gate decision', () => {
  it('surfaces an allow with its approval and no reason', () => {
    expect(decisionOf(allowing({ reason: 'approval_expiring' }))).toEqual({
      decision: 'allow',
      ttl_state: 'valid',
      approval_ref: 'APP-100001-abcd',
      reason: null,
      warnings: [],
      operator_alert: false,
    });
  });

  it('keeps the warnings of an allow-with-warning', () => {
    const meta = { operator_alert: false, warnings: ['approval_expiring'], backing_state: 'file_backed' };
    const decision = decisionOf(allowing({ decision: 'allow-with-warning', meta }));
    expect(decision).toMatchObject({ decision: 'allow-with-warning', reason: null, warnings: ['approval_expiring'] });
  });

  it.each(DENIAL_REASONS)('surfaces a denial for %s', (reason) => {
    const meta = { operator_alert: true, warnings: ['auth_not_verified'], backing_state: 'file_backed' };
    expect(decisionOf(denying(reason, { ttl_state: 'stale', approval_ref: 'APP-100006-stale', meta }))).toEqual({
      decision: 'deny',
      ttl_state: 'stale',
      approval_ref: 'APP-100006-stale',
      reason,
      warnings: ['auth_not_verified'],
      operator_alert: true,
    });
  });

  it('says policy_fail_safe for a denial with no reason, or one that nobody knows', () => {
    expect(decisionOf(denying('because')).reason).toBe('policy_fail_safe');
    const { reason: _, ...unexplained } = denying('approval_missing');
    expect(decisionOf(unexplained)).toMatchObject({ decision: 'deny', reason: 'policy_fail_safe', approval_ref: null });
  });

  it.each([
    ['expired', allowing({ ttl_state: 'expired' })],
    ['stale', allowing({ ttl_state: 'stale', decision: 'allow-with-warning' })],
    ['not applicable', allowing({ ttl_state: 'not-applicable' })],
    ['of no approval', allowing({ approval_ref: null })],
    ['of a nameless approval', allowing({ approval_ref: '' })],
  ])('denies an allow that is %s', (_, answer) => {
    expect(decisionOf(answer)).toMatchObject({
      decision: 'deny',
      reason: 'policy_fail_safe',
      ttl_state: answer.ttl_state,
    });
  });

  it('is never on but by an allow on a valid approval', () => {
    const answers = fc.record({
      decision: fc.constantFrom('allow' as const, 'deny' as const, 'allow-with-warning' as const),
      ttl_state: fc.constantFrom(...TTL_STATES),
      approval_ref: fc.option(fc.string()),
      reason: fc.option(fc.constantFrom(...DENIAL_REASONS, 'other')),
      valid_for_ms: fc.option(fc.nat()),
      meta: fc.record({
        operator_alert: fc.boolean(),
        warnings: fc.array(fc.string()),
        backing_state: fc.constant('file_backed'),
      }),
    });
    fc.assert(
      fc.property(answers, (answer) => {
        const { decision, reason } = decisionOf(answer);
        const mayBeOn = answer.decision !== 'deny' && answer.ttl_state === 'valid' && Boolean(answer.approval_ref);
        expect(decision).toBe(mayBeOn ? answer.decision : 'deny');
        expect(reason === null).toBe(mayBeOn);
      }),
    );
  });

  it('crashes on a decision that the contract does not have', () => {
    const answer = JSON.parse(JSON.stringify({ ...allowing(), decision: 'maybe' }));
    expect(() => decisionOf(answer)).toThrow('no case for "maybe"');
  });

  it('denies without an answer with no approval and no alert', () => {
    expect(deniedBy('admin_refused')).toEqual({
      decision: 'deny',
      ttl_state: null,
      approval_ref: null,
      reason: 'admin_refused',
      warnings: [],
      operator_alert: false,
    });
  });
});
