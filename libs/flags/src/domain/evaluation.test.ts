import { describe, expect, it } from '@jest/globals';
import { assert, constantFrom, integer, oneof, option, property, record } from 'fast-check';
import { gatedFlag, sampleFlag, sampleHeld } from '../testing/samples.ts';
import {
  applyGate,
  evaluate,
  type Evaluation,
  type EvaluationInputs,
  flagNotFound,
  LAYERS,
  needsGate,
  type TargetingResult,
} from './evaluation.ts';
import type { Flag } from './flag.ts';
import { deny, type GateDecision } from './gate-decision.ts';
import type { HeldOverride } from './override.ts';
import { REASONS } from './reasons.ts';

const AT = Date.UTC(2026, 5, 1);
const NEVER_ASKED = (): TargetingResult => {
  throw new Error('targeting was asked');
};

function inputs(stated: Partial<EvaluationInputs> = {}): EvaluationInputs {
  return {
    tenantId: 'T',
    userId: 'U',
    tenantOverride: null,
    userOverride: null,
    at: AT,
    targeting: NEVER_ASKED,
    ...stated,
  };
}

const user = (variant: string, expiresAt: string | null = null): HeldOverride =>
  sampleHeld({ scope: 'user', subject_id: 'U', variant, expires_at: expiresAt });
const tenant = (variant: string, expiresAt: string | null = null): HeldOverride =>
  sampleHeld({ scope: 'tenant', subject_id: 'T', variant, expires_at: expiresAt });

const targeted = sampleFlag({ targeting: { if: [true, 'on'] }, version: 7 });

function outcomes({ chain }: Evaluation): readonly string[] {
  return chain.map(({ outcome }) => outcome);
}

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
    expect(answer.chain.slice(2)).toEqual([
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
    const astray = gatedFlag({ off_variant: 'gone' });
    expect(applyGate(astray, on, deny('approval_missing'))).toMatchObject({ enabled: false, value: null });
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

/** The rules again, in other words and on another path: a list of what each layer says, the first word counts. */
function oracle(flag: Flag, given: EvaluationInputs): { variant: string | null; reason: string; outcomes: string[] } {
  if (flag.state !== 'ENABLED' || flag.lifecycle === 'archived') {
    return { variant: null, reason: 'flag_disabled', outcomes: Array.from({ length: 4 }, () => 'not_consulted') };
  }
  const names = Object.keys(flag.variants);
  const layer = (held: HeldOverride | null | 'withheld'): string => {
    if (held === 'withheld') return 'not_consulted';
    if (held === null) return 'absent';
    const { expires_at, variant } = held.override;
    if (expires_at !== null && Date.parse(expires_at) <= given.at) return 'expired';
    return names.includes(variant) ? `=${variant}` : 'invalid';
  };
  const [fromUser, fromTenant] = [layer(given.userOverride), layer(given.tenantOverride)];
  const rule = flag.targeting === null ? null : given.targeting(flag);
  const said = rule !== null && 'variant' in rule && names.includes(rule.variant) ? rule.variant : null;
  const fromRule =
    rule === null ? 'absent' : rule.kind === 'default' ? 'not_matched' : said === null ? 'invalid' : `=${said}`;
  const all = [fromUser, fromTenant, fromRule, `=${flag.defaultVariant}`];
  const winner = all.findIndex((one) => one.startsWith('='));
  const differs = fromTenant.startsWith('=') && fromTenant !== fromUser;
  const reasons = [
    differs ? 'user_override_precedence' : 'user_override',
    'tenant_override',
    rule?.kind === 'split' ? 'split' : 'targeting_match',
    fromRule === 'invalid' ? 'targeting_error' : 'registry_default',
  ];
  return {
    variant: all[winner]?.slice(1) ?? null,
    reason: reasons[winner] ?? '',
    outcomes: all.map((one, index) => {
      if (index === winner) return 'matched';
      if (index === 2 && winner < 2) return 'not_consulted';
      return one.startsWith('=') ? 'shadowed' : one;
    }),
  };
}

describe('precedence, for any inputs', () => {
  it('is what the rules say, layer by layer', () => {
    const variants = constantFrom('on', 'off', 'gone');
    const ends = option(
      integer({ min: -2, max: 2 }).map((ms) => new Date(AT + ms).toISOString()),
      { nil: null },
    );
    const held = (make: typeof user) =>
      option(
        record({ variant: variants, end: ends }).map(({ variant, end }) => make(variant, end)),
        { nil: null },
      );
    const results = oneof(
      record({ kind: constantFrom('match', 'split' as const), variant: variants }),
      constantFrom<TargetingResult>({ kind: 'default' }, { kind: 'error' }),
    );
    const flags = record({
      state: constantFrom('ENABLED', 'ENABLED', 'ENABLED', 'DISABLED' as const),
      lifecycle: constantFrom('active', 'deprecated', 'archived' as const),
      defaultVariant: constantFrom('on', 'off'),
      targeting: constantFrom(null, { if: [true] }),
    });
    assert(
      property(
        flags,
        held(user),
        held(tenant),
        constantFrom(true, false),
        results,
        (stated, ofUser, ofTenant, withheld, result) => {
          const flag = sampleFlag(stated);
          const given = inputs({
            userOverride: withheld ? 'withheld' : ofUser,
            tenantOverride: ofTenant,
            targeting: () => result,
          });
          const expected = oracle(flag, given);
          const answer = evaluate(flag, given);
          expect({ variant: answer.variant, reason: answer.reason, outcomes: outcomes(answer) }).toEqual(expected);
          expect(answer.chain.map(({ layer }) => layer)).toEqual(LAYERS);
          expect(answer.enabled).toBe(expected.variant === 'on');
          expect(
            answer.chain.filter(({ outcome }) => outcome === 'matched').every(({ value }) => value === answer.value),
          ).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
