import { describe, expect, it } from '@jest/globals';
import { inputs, outcomes, targeted, tenant, user } from '../testing/evaluations.ts';
import { sampleFlag } from '../testing/samples.ts';
import { evaluate, type TargetingResult } from './evaluation.ts';

describe('precedence', () => {
  it('answers the default of a flag for which nothing else is said', () => {
    expect(evaluate(sampleFlag({ version: 3 }), inputs())).toEqual({
      flag_key: 'ff.sample',
      enabled: false,
      value: false,
      variant: 'off',
      reason: 'registry_default',
      warnings: [],
      chain: [
        { layer: 'user_override', subject: 'U', outcome: 'absent' },
        { layer: 'tenant_override', subject: 'T', outcome: 'absent' },
        { layer: 'targeting', outcome: 'absent' },
        { layer: 'registry_default', outcome: 'matched', value: false },
      ],
      gate: null,
      approval_ref: null,
      ttl_state: null,
      operator_alert: false,
      flag_version: 3,
    });
  });

  it('puts a tenant override above targeting, which is then not consulted', () => {
    const answer = evaluate(targeted, inputs({ tenantOverride: tenant('on') }));
    expect(answer).toMatchObject({ enabled: true, value: true, variant: 'on', reason: 'tenant_override' });
    expect(answer.chain).toEqual([
      { layer: 'user_override', subject: 'U', outcome: 'absent' },
      { layer: 'tenant_override', subject: 'T', outcome: 'matched', value: true },
      { layer: 'targeting', outcome: 'not_consulted' },
      { layer: 'registry_default', outcome: 'shadowed', value: false },
    ]);
  });

  it('puts a user override above a different tenant override, and says so', () => {
    const answer = evaluate(sampleFlag(), inputs({ userOverride: user('on'), tenantOverride: tenant('off') }));
    expect(answer).toMatchObject({ enabled: true, value: true, reason: 'user_override_precedence' });
    expect(answer.chain).toEqual([
      { layer: 'user_override', subject: 'U', outcome: 'matched', value: true },
      { layer: 'tenant_override', subject: 'T', outcome: 'shadowed', value: false },
      { layer: 'targeting', outcome: 'not_consulted' },
      { layer: 'registry_default', outcome: 'shadowed', value: false },
    ]);
  });

  it.each([
    ['none', null, 'absent'],
    ['the same', tenant('on'), 'shadowed'],
    ['an expired one', tenant('off', '2026-05-31T00:00:00Z'), 'expired'],
    ['one that no longer fits', tenant('gone'), 'invalid'],
  ] as const)('says user_override where the tenant has %s', (_what, tenantOverride, outcome) => {
    const answer = evaluate(sampleFlag(), inputs({ userOverride: user('on'), tenantOverride }));
    expect(answer.reason).toBe('user_override');
    expect(answer.chain[1]?.outcome).toBe(outcome);
  });

  it('puts targeting above the default', () => {
    const answer = evaluate(targeted, inputs({ targeting: () => ({ kind: 'match', variant: 'on' }) }));
    expect(answer).toMatchObject({ enabled: true, variant: 'on', reason: 'targeting_match', flag_version: 7 });
    expect(answer.chain).toStrictEqual([
      { layer: 'user_override', subject: 'U', outcome: 'absent' },
      { layer: 'tenant_override', subject: 'T', outcome: 'absent' },
      { layer: 'targeting', outcome: 'matched', value: true },
      { layer: 'registry_default', outcome: 'shadowed', value: false },
    ]);
  });

  it('says split where a percentage decided', () => {
    const answer = evaluate(targeted, inputs({ targeting: () => ({ kind: 'split', variant: 'off' }) }));
    expect(answer).toMatchObject({ variant: 'off', reason: 'split' });
    expect(outcomes(answer)).toEqual(['absent', 'absent', 'matched', 'shadowed']);
  });

  it('answers the default where targeting leaves it at that', () => {
    const answer = evaluate(targeted, inputs({ targeting: () => ({ kind: 'default' }) }));
    expect(answer).toMatchObject({ variant: 'off', reason: 'registry_default' });
    expect(outcomes(answer)).toEqual(['absent', 'absent', 'not_matched', 'matched']);
  });

  it.each<TargetingResult>([
    { kind: 'error' },
    { kind: 'match', variant: 'gone' },
    { kind: 'split', variant: 'gone' },
    { kind: 'match', variant: 'toString' },
  ])('answers the default with targeting_error for %j', (result) => {
    const answer = evaluate(targeted, inputs({ targeting: () => result }));
    expect(answer).toMatchObject({ enabled: false, variant: 'off', reason: 'targeting_error', warnings: [] });
    expect(outcomes(answer)).toEqual(['absent', 'absent', 'invalid', 'matched']);
  });

  it('crashes on a result of targeting that is none', () => {
    const result = JSON.parse('{"kind": "perhaps"}');
    expect(() => evaluate(targeted, inputs({ targeting: () => result }))).toThrow('no case for "perhaps"');
  });

  it('answers no value where the default is none of the variants', () => {
    const answer = evaluate(sampleFlag({ defaultVariant: 'gone' }), inputs());
    expect(answer).toMatchObject({ value: null, variant: 'gone', reason: 'registry_default' });
    expect(answer.chain[3]).toEqual({ layer: 'registry_default', outcome: 'invalid' });
  });

  it('takes an empty rule for none', () => {
    expect(evaluate(sampleFlag({ targeting: {} }), inputs()).chain[2]).toEqual({
      layer: 'targeting',
      outcome: 'absent',
    });
  });

  it('names no subject where none was given', () => {
    const { chain } = evaluate(sampleFlag(), inputs({ tenantId: null, userId: null }));
    expect(chain.slice(0, 2)).toEqual([
      { layer: 'user_override', outcome: 'absent' },
      { layer: 'tenant_override', outcome: 'absent' },
    ]);
  });

  it('does not consult user overrides that are withheld', () => {
    const answer = evaluate(sampleFlag(), inputs({ userOverride: 'withheld', tenantOverride: tenant('on') }));
    expect(answer).toMatchObject({ enabled: true, reason: 'tenant_override' });
    expect(answer.chain[0]).toEqual({ layer: 'user_override', subject: 'U', outcome: 'not_consulted' });
  });
});
