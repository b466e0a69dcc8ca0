import { describe, expect, it } from '@jest/globals';
import { assert, constantFrom, integer, oneof, option, property, record } from 'fast-check';
import { AT, inputs, outcomes, tenant, user } from '../testing/evaluations.ts';
import { sampleFlag } from '../testing/samples.ts';
import { evaluate, type EvaluationInputs, LAYERS, type TargetingResult } from './evaluation.ts';
import type { Flag } from './flag.ts';
import type { HeldOverride } from './override.ts';

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
