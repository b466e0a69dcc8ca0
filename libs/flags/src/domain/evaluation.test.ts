import { describe, expect, it } from '@jest/globals';
import { AT, inputs, outcomes, tenant, user } from '../testing/evaluations.ts';
import { gatedFlag, sampleFlag } from '../testing/samples.ts';
import { evaluate, flagNotFound, LAYERS, needsGate } from './evaluation.ts';

describe('an override', () => {
  it('ends at its expires_at, not a millisecond earlier', () => {
    const override = tenant('on', new Date(AT).toISOString());
    const before = evaluate(sampleFlag(), inputs({ tenantOverride: override, at: AT - 1 }));
    const at = evaluate(sampleFlag(), inputs({ tenantOverride: override, at: AT }));
    expect(before).toMatchObject({ reason: 'tenant_override', enabled: true });
    expect(at).toMatchObject({ reason: 'registry_default', enabled: false, warnings: [] });
    expect(at.chain[1]).toEqual({ layer: 'tenant_override', subject: 'T', outcome: 'expired' });
  });

  it('that no longer fits its flag is passed over with a warning', () => {
    const answer = evaluate(sampleFlag(), inputs({ userOverride: user('gone'), tenantOverride: tenant('on') }));
    expect(answer).toMatchObject({ reason: 'tenant_override', warnings: ['override_invalid'] });
    expect(answer.chain[0]).toEqual({ layer: 'user_override', subject: 'U', outcome: 'invalid' });
  });

  it('that no longer fits is warned of once, and below a match too', () => {
    const below = evaluate(sampleFlag(), inputs({ userOverride: user('on'), tenantOverride: tenant('gone') }));
    expect(below).toMatchObject({ reason: 'user_override', warnings: ['override_invalid'] });
    const both = evaluate(sampleFlag(), inputs({ userOverride: user('gone'), tenantOverride: tenant('gone') }));
    expect(both.warnings).toEqual(['override_invalid']);
  });

  it('of a name that every object has fits no flag', () => {
    const answer = evaluate(sampleFlag(), inputs({ userOverride: user('constructor') }));
    expect(answer.chain[0]?.outcome).toBe('invalid');
  });

  it('that is expired and no longer fits is shown as expired, with no warning', () => {
    const answer = evaluate(sampleFlag(), inputs({ userOverride: user('gone', '2020-01-01T00:00:00Z') }));
    expect(outcomes(answer)[0]).toBe('expired');
    expect(answer.warnings).toEqual([]);
  });

  it('whose end cannot be read does not count', () => {
    const answer = evaluate(sampleFlag(), inputs({ userOverride: user('on', 'some day') }));
    expect(outcomes(answer)[0]).toBe('expired');
  });
});

describe('a flag out of service', () => {
  it.each([
    ['disabled', { state: 'DISABLED' }],
    ['archived', { lifecycle: 'archived' }],
  ] as const)('%s answers without a value before anything is consulted', (_what, stated) => {
    const flag = gatedFlag({ ...stated, targeting: { if: [true, 'on'] }, version: 4 });
    const answer = evaluate(flag, inputs({ userOverride: user('on'), tenantOverride: tenant('on') }));
    expect(answer).toEqual({
      flag_key: 'ff.gated',
      enabled: false,
      value: null,
      variant: null,
      reason: 'flag_disabled',
      warnings: [],
      chain: LAYERS.map((layer) => ({ layer, outcome: 'not_consulted' })),
      gate: null,
      approval_ref: null,
      ttl_state: null,
      operator_alert: false,
      flag_version: 4,
    });
    expect(needsGate(flag)).toBe(false);
  });

  it('deprecated is still in service', () => {
    expect(evaluate(sampleFlag({ lifecycle: 'deprecated' }), inputs()).reason).toBe('registry_default');
  });

  it('that does not exist has no version', () => {
    expect(flagNotFound('ff.gone')).toMatchObject({
      flag_key: 'ff.gone',
      enabled: false,
      value: null,
      variant: null,
      reason: 'flag_not_found',
      flag_version: null,
      chain: LAYERS.map((layer) => ({ layer, outcome: 'not_consulted' })),
    });
  });
});

describe('enabled', () => {
  const words = sampleFlag({ variants: { none: '', some: 'x' }, defaultVariant: 'some' });

  it('is the value of a boolean flag, whatever its off_variant', () => {
    expect(evaluate(sampleFlag({ defaultVariant: 'on', off_variant: 'on' }), inputs()).enabled).toBe(true);
    expect(evaluate(sampleFlag({ defaultVariant: 'off', off_variant: 'on' }), inputs()).enabled).toBe(false);
  });

  it('is whether another flag differs from its off_variant', () => {
    expect(evaluate({ ...words, off_variant: 'none' }, inputs()).enabled).toBe(true);
    expect(evaluate({ ...words, off_variant: 'some' }, inputs()).enabled).toBe(false);
  });

  it('is true for another flag that declares none', () => {
    expect(evaluate({ ...words, defaultVariant: 'none' }, inputs())).toMatchObject({ enabled: true, value: '' });
  });
});
