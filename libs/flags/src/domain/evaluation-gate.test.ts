import { describe, expect, it } from '@jest/globals';
import { assert, constantFrom, option, property, record } from 'fast-check';
import { inputs } from '../testing/evaluations.ts';
import { gatedFlag } from '../testing/samples.ts';
import { applyGate, evaluate, needsGate } from './evaluation.ts';
import { deny, type GateDecision } from './gate-decision.ts';
import { REASONS } from './reasons.ts';

describe('the gate', () => {
  const flag = gatedFlag({ version: 9 });
  const on = evaluate(flag, inputs());
  const allow: GateDecision = {
    decision: 'allow',
    ttl_state: 'valid',
    approval_ref: 'APP-100001-abcd',
    reason: null,
    warnings: [],
    operator_alert: false,
  };

  it.each([
    [{ sensitive_flag: true, requires_approval: false }, true],
    [{ sensitive_flag: false, requires_approval: true }, true],
    [{ sensitive_flag: false, requires_approval: false }, false],
  ])('is needed where either member is set: %j', (stated, needed) => {
    expect(needsGate(gatedFlag(stated))).toBe(needed);
  });

  it('that allows adds its approval and leaves the answer as it is', () => {
    expect(applyGate(flag, on, allow)).toEqual({
      ...on,
      gate: { matrix_row: 'row-sensitive-override', decision: 'allow' },
      approval_ref: 'APP-100001-abcd',
      ttl_state: 'valid',
    });
  });

  it('that allows with a warning appends it', () => {
    const warned = { ...on, warnings: ['override_invalid'] };
    const answer = applyGate(flag, warned, {
      ...allow,
      decision: 'allow-with-warning',
      warnings: ['approval_expiring'],
    });
    expect(answer).toMatchObject({
      enabled: true,
      value: true,
      reason: 'registry_default',
      warnings: ['override_invalid', 'approval_expiring'],
      gate: { decision: 'allow-with-warning' },
    });
  });

  it('that denies answers the off variant with its reason', () => {
    const answer = applyGate(flag, on, { ...deny('approval_stale'), ttl_state: 'stale', operator_alert: true });
    expect(answer).toEqual({
      ...on,
      enabled: false,
      value: false,
      variant: 'off',
      reason: 'approval_stale',
      gate: { matrix_row: 'row-sensitive-override', decision: 'deny' },
      ttl_state: 'stale',
      operator_alert: true,
    });
  });

  it('that denies without a reason is a policy_fail_safe', () => {
    expect(applyGate(flag, on, { ...deny('policy_fail_safe'), reason: null }).reason).toBe('policy_fail_safe');
  });

  it('that denies answers the declared off variant of another flag', () => {
    const words = gatedFlag({ variants: { none: 'n', some: 's' }, defaultVariant: 'some', off_variant: 'none' });
    expect(applyGate(words, evaluate(words, inputs()), deny('approval_missing'))).toMatchObject({
      enabled: false,
      value: 'n',
      variant: 'none',
    });
  });

  it('that denies a flag with no off variant answers no value', () => {
    const always = gatedFlag({ variants: { on: true }, off_variant: null });
    expect(applyGate(always, evaluate(always, inputs()), deny('approval_missing'))).toMatchObject({
      enabled: false,
      value: null,
      variant: null,
    });
    const nullish = gatedFlag({ variants: { on: true, null: true } });
    expect(applyGate(nullish, on, deny('approval_missing'))).toMatchObject({ value: null, variant: null });
    const astray = gatedFlag({ off_variant: 'gone' });
    expect(applyGate(astray, on, deny('approval_missing'))).toMatchObject({ enabled: false, value: null });
  });

  it('that denies on its own word names no approval and alerts nobody', () => {
    expect(deny('approval_missing')).toEqual({
      decision: 'deny',
      ttl_state: null,
      approval_ref: null,
      reason: 'approval_missing',
      warnings: [],
      operator_alert: false,
    });
  });

  it('may say nothing but allow and deny', () => {
    const maybe = JSON.parse(JSON.stringify({ ...allow, decision: 'maybe' }));
    expect(() => applyGate(flag, on, maybe)).toThrow('no case for "maybe"');
  });

  it('is shown as not asked where the flag has no row', () => {
    const rowless = gatedFlag({ approval_matrix_row: null });
    expect(applyGate(rowless, on, deny('matrix_row_unknown'))).toMatchObject({
      gate: null,
      enabled: false,
      reason: 'matrix_row_unknown',
    });
  });

  it('never turns on what was off, whatever it says', () => {
    const decisions = record({
      decision: constantFrom('allow', 'deny', 'allow-with-warning' as const),
      ttl_state: option(constantFrom('valid', 'expired')),
      approval_ref: option(constantFrom('APP-1')),
      reason: option(constantFrom(...REASONS)),
      warnings: constantFrom([], ['approval_expiring']),
      operator_alert: constantFrom(true, false),
    });
    assert(
      property(decisions, constantFrom('on', 'off'), (decision, variant) => {
        const before = evaluate(gatedFlag({ defaultVariant: variant }), inputs());
        const after = applyGate(gatedFlag({ defaultVariant: variant }), before, decision);
        expect(after.enabled).toBe(before.enabled && decision.decision !== 'deny');
      }),
    );
  });
});
