import { isRecord, parseInstant } from '#libs/kernel';
import { RULES } from '../workload/golden.ts';
import { textOf } from './fields.ts';

// Precedence said once more, in few words and with nothing of how FF has it. Golden flags are never out of service, and
// their overrides always fit.

/** Rows as they were committed; null where there is none. */
export interface Rows {
  readonly flag: unknown;
  readonly tenant: unknown;
  readonly user: unknown;
}

export interface Expected {
  readonly variant: string;
  readonly value: unknown;
  readonly reason: string;
  /** What becomes of user override, tenant override, targeting and default. */
  readonly outcomes: readonly Outcome[];
}

type Outcome = 'absent' | 'expired' | 'matched' | 'not_consulted' | 'shadowed';

/** What a golden flag answers before the gate. @param at milliseconds since 1970 */
export function expectedOf(flagKey: string, { flag, tenant, user }: Rows, plan: unknown, at: number): Expected {
  const outcomes: Outcome[] = [outcomeAt(user, at), outcomeAt(tenant, at), 'not_consulted', 'shadowed'];
  const ofUser = outcomes[0] === 'matched' ? variantOf(user) : null;
  const ofTenant = outcomes[1] === 'matched' ? variantOf(tenant) : null;
  const ofRule = RULES[flagKey]?.(plan, at) ?? null;
  const given = (variant: string, reason: string): Expected => ({
    variant,
    reason,
    outcomes,
    value: memberOf(memberOf(flag, 'variants'), variant),
  });
  if (ofUser !== null) {
    if (ofTenant !== null) outcomes[1] = 'shadowed';
    const isAgainstTenant = ofTenant !== null && ofTenant !== ofUser;
    return given(ofUser, isAgainstTenant ? 'user_override_precedence' : 'user_override');
  }
  if (ofTenant !== null) return given(ofTenant, 'tenant_override');
  outcomes[2] = ofRule === null ? 'absent' : 'matched';
  if (ofRule !== null) return given(ofRule, 'targeting_match');
  outcomes[3] = 'matched';
  return given(textOf(memberOf(flag, 'defaultVariant')), 'registry_default');
}

/** When an override's row says that it ends; Infinity where it does not. */
export function endOf(row: unknown): number | null {
  const end = memberOf(row, 'expires_at');
  return end === null ? Infinity : parseInstant(textOf(end));
}

function variantOf(row: unknown): string {
  return textOf(memberOf(row, 'variant'));
}

function outcomeAt(row: unknown, at: number): 'absent' | 'expired' | 'matched' {
  if (row === null) return 'absent';
  return at < (endOf(row) ?? -Infinity) ? 'matched' : 'expired';
}

function memberOf(row: unknown, name: string): unknown {
  return isRecord(row) ? row[name] : undefined;
}
