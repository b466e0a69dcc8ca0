import { describe, expect, it } from '@jest/globals';
import { sampleFlag, sampleOverride } from '#libs/flags/testing';
import { expectedOf } from './precedence.ts';

const flag = sampleFlag({ defaultVariant: 'off' });
const AT = Date.UTC(2026, 0, 1, 0, 1);
const on = sampleOverride({ variant: 'on' });
const off = sampleOverride({ variant: 'off' });
const ended = sampleOverride({ variant: 'on', expires_at: '2026-01-01T00:01:00.000Z' });
const ending = sampleOverride({ variant: 'on', expires_at: '2026-01-01T00:01:00.001Z' });
const rows = (tenant: unknown, user: unknown) => ({ flag, tenant, user });

describe('what precedence says, to the checkers', () => {
  it.each([
    ['the user before the tenant', rows(off, on), 'on user_override_precedence', 'matched shadowed'],
    ['the user, with whom the tenant agrees', rows(on, on), 'on user_override', 'matched shadowed'],
    ['the user alone', rows(null, on), 'on user_override', 'matched absent'],
    ['the tenant, where the user’s has ended', rows(off, ended), 'off tenant_override', 'expired matched'],
    ['the user until the last instant', rows(off, ending), 'on user_override_precedence', 'matched shadowed'],
    ['the user, where the tenant’s has ended', rows(ended, off), 'off user_override', 'matched expired'],
  ])('is that of %s', (_whose, given, answer, outcomes) => {
    const expected = expectedOf('ff.plain', given, 'pro', AT);
    expect(`${expected.variant} ${expected.reason}`).toBe(answer);
    expect([expected.value, expected.outcomes.join(' ')]).toEqual([
      expected.variant === 'on',
      `${outcomes} not_consulted shadowed`,
    ]);
  });

  it.each([
    ['the rule, where both have ended', 'ff.rule', rows(ended, ended), 'pro', 'on', 'expired expired matched shadowed'],
    ['the rule, for others', 'ff.rule', rows(null, null), 'free', 'off', 'absent absent matched shadowed'],
    ['the clock', 'ff.clock', rows(null, null), null, 'on', 'absent absent matched shadowed'],
    ['the default', 'ff.plain', rows(null, ended), 'pro', 'off', 'expired absent absent matched'],
  ])('is that of %s', (_whose, key, given, plan, variant, outcomes) => {
    const expected = expectedOf(key, given, plan, AT);
    expect([expected.variant, expected.outcomes.join(' ')]).toEqual([variant, outcomes]);
  });
});
