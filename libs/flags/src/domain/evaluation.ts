import type { Instant } from '#libs/kernel';
import { unreachable } from '#libs/kernel';
import { type Flag, type FlagValue, hasTargeting, isGated, isOutOfService, offVariantOf, valueOf } from './flag.ts';
import type { GateDecision } from './gate-decision.ts';
import type { HeldOverride } from './override.ts';
import type { Reason } from './reasons.ts';

export const LAYERS = ['user_override', 'tenant_override', 'targeting', 'registry_default'] as const;
export const OUTCOMES = [
  'matched',
  'shadowed',
  'expired',
  'absent',
  'invalid',
  'not_matched',
  'not_consulted',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One layer of what was consulted. The value stands where the layer gave one, the subject where one was asked for. */
export interface ChainLink {
  readonly layer: (typeof LAYERS)[number];
  readonly subject?: string;
  readonly outcome: Outcome;
  readonly value?: FlagValue;
}

/** All four layers, in the order of precedence. */
export type Chain = readonly [user: ChainLink, tenant: ChainLink, targeting: ChainLink, registryDefault: ChainLink];

/** What targeting said: which variant and by what, or that it leaves the flag at its default, or that it failed. */
export type TargetingResult =
  | { readonly kind: 'match' | 'split'; readonly variant: string }
  | { readonly kind: 'default' }
  | { readonly kind: 'error' };

/** Everything that precedence depends on. */
export interface EvaluationInputs {
  readonly tenantId: string | null;
  readonly userId: string | null;
  readonly tenantOverride: HeldOverride | null;
  /** `withheld` when whoever asks may not know of user overrides: the layer is then not consulted. */
  readonly userOverride: HeldOverride | null | 'withheld';
  readonly at: Instant;
  /** Called only when no override decides and the flag has targeting. */
  readonly targeting: (flag: Flag) => TargetingResult;
}

/** What a flag answers, and why. */
export interface Evaluation {
  readonly flag_key: string;
  readonly enabled: boolean;
  readonly value: FlagValue | null;
  readonly variant: string | null;
  readonly reason: Reason;
  readonly warnings: readonly string[];
  readonly chain: Chain;
  /** Null where the gate was not asked. */
  readonly gate: { readonly matrix_row: string; readonly decision: GateDecision['decision'] } | null;
  readonly approval_ref: string | null;
  readonly ttl_state: string | null;
  readonly operator_alert: boolean;
  /** Null for a flag that does not exist. */
  readonly flag_version: number | null;
}

const NO_WARNINGS: readonly string[] = [];
const OVERRIDE_INVALID: readonly string[] = ['override_invalid'];

/**
 * Precedence, before the gate: user override → tenant override → targeting → registry default; a flag that is
 * disabled or archived ends it before all of them. An override that has expired (`at >= expires_at`) or no longer
 * fits its flag is passed over.
 */
export function evaluate(flag: Flag, inputs: EvaluationInputs): Evaluation {
  if (isOutOfService(flag)) return withoutValue(flag.key, 'flag_disabled', flag.version);
  const { at, tenantOverride: tenant } = inputs;
  const user = inputs.userOverride === 'withheld' ? null : inputs.userOverride;
  const userValue = valueAt(flag, user, at);
  const tenantValue = valueAt(flag, tenant, at);
  const defaultValue = valueOf(flag, flag.defaultVariant) ?? null;
  const userOutcome = inputs.userOverride === 'withheld' ? 'not_consulted' : outcomeOf(user, userValue, at);
  const tenantOutcome = outcomeOf(tenant, tenantValue, at);

  let variant = flag.defaultVariant;
  let value = defaultValue;
  let reason: Reason = 'registry_default';
  let targetingOutcome: Outcome = 'not_consulted';
  if (user !== null && userValue !== undefined) {
    variant = user.override.variant;
    value = userValue;
    const isDifferent = tenant !== null && tenantValue !== undefined && tenant.override.variant !== variant;
    reason = isDifferent ? 'user_override_precedence' : 'user_override';
  } else if (tenant !== null && tenantValue !== undefined) {
    variant = tenant.override.variant;
    value = tenantValue;
    reason = 'tenant_override';
  } else if (hasTargeting(flag)) {
    const targeted = inputs.targeting(flag);
    const found = 'variant' in targeted ? valueOf(flag, targeted.variant) : undefined;
    targetingOutcome = found !== undefined ? 'matched' : targeted.kind === 'default' ? 'not_matched' : 'invalid';
    reason = targetingReason(targeted.kind, found !== undefined);
    if ('variant' in targeted && found !== undefined) {
      variant = targeted.variant;
      value = found;
    }
  } else {
    targetingOutcome = 'absent';
  }

  const isDefault = reason === 'registry_default' || reason === 'targeting_error';
  const isShadowed = userValue !== undefined && tenantValue !== undefined;
  return {
    flag_key: flag.key,
    enabled: isEnabled(flag, variant, value),
    value,
    variant,
    reason,
    warnings: userOutcome === 'invalid' || tenantOutcome === 'invalid' ? OVERRIDE_INVALID : NO_WARNINGS,
    chain: [
      overrideLink('user_override', inputs.userId, userOutcome, userValue),
      overrideLink('tenant_override', inputs.tenantId, isShadowed ? 'shadowed' : tenantOutcome, tenantValue),
      targetingOutcome === 'matched' && value !== null
        ? { layer: 'targeting', outcome: 'matched', value }
        : { layer: 'targeting', outcome: targetingOutcome },
      defaultLink(defaultValue, isDefault),
    ],
    gate: null,
    approval_ref: null,
    ttl_state: null,
    operator_alert: false,
    flag_version: flag.version,
  };
}

/** The answer for a flag that the registry does not have; only a bulk evaluation gives it. */
export function flagNotFound(flagKey: string): Evaluation {
  return withoutValue(flagKey, 'flag_not_found', null);
}

/** True when the gate must be asked before this answer may be given. A disabled flag's gate is not asked. */
export function needsGate(flag: Flag): boolean {
  return isGated(flag) && !isOutOfService(flag);
}

/**
 * The answer after the gate, which can only turn it off: an allow leaves value, variant, `enabled` and reason as they
 * are, a deny answers the off variant with the gate's reason, whatever the flag would have answered.
 */
export function applyGate(flag: Flag, evaluation: Evaluation, gate: GateDecision): Evaluation {
  const row = flag.approval_matrix_row;
  const gated = {
    ...evaluation,
    warnings: gate.warnings.length === 0 ? evaluation.warnings : [...evaluation.warnings, ...gate.warnings],
    gate: row === null ? null : { matrix_row: row, decision: gate.decision },
    approval_ref: gate.approval_ref,
    ttl_state: gate.ttl_state,
    operator_alert: gate.operator_alert,
  };
  switch (gate.decision) {
    case 'allow':
    case 'allow-with-warning':
      return gated;
    case 'deny': {
      const off = offVariantOf(flag);
      const value = off === null ? null : (valueOf(flag, off) ?? null);
      return { ...gated, enabled: false, value, variant: off, reason: gate.reason ?? 'policy_fail_safe' };
    }
    default:
      return unreachable(gate.decision);
  }
}

/** What an override gives at that instant; undefined where it has expired or no longer fits. */
function valueAt(flag: Flag, held: HeldOverride | null, at: Instant): FlagValue | undefined {
  return held === null || at >= held.endsAt ? undefined : valueOf(flag, held.override.variant);
}

function outcomeOf(held: HeldOverride | null, value: FlagValue | undefined, at: Instant): Outcome {
  if (held === null) return 'absent';
  if (value !== undefined) return 'matched';
  return at >= held.endsAt ? 'expired' : 'invalid';
}

function targetingReason(kind: TargetingResult['kind'], found: boolean): Reason {
  switch (kind) {
    case 'match':
      return found ? 'targeting_match' : 'targeting_error';
    case 'split':
      return found ? 'split' : 'targeting_error';
    case 'default':
      return 'registry_default';
    case 'error':
      return 'targeting_error';
    default:
      return unreachable(kind);
  }
}

/** `value === true` for a boolean flag, else whether the variant differs from the declared off variant. */
function isEnabled(flag: Flag, variant: string, value: FlagValue | null): boolean {
  return typeof value === 'boolean' ? value : variant !== flag.off_variant;
}

function overrideLink(
  layer: 'user_override' | 'tenant_override',
  subject: string | null,
  outcome: Outcome,
  value: FlagValue | undefined,
): ChainLink {
  if (subject === null) return { layer, outcome };
  return value === undefined ? { layer, subject, outcome } : { layer, subject, outcome, value };
}

function defaultLink(value: FlagValue | null, decided: boolean): ChainLink {
  if (value === null) return { layer: 'registry_default', outcome: 'invalid' };
  return { layer: 'registry_default', outcome: decided ? 'matched' : 'shadowed', value };
}

const NOTHING_CONSULTED: Chain = [
  { layer: 'user_override', outcome: 'not_consulted' },
  { layer: 'tenant_override', outcome: 'not_consulted' },
  { layer: 'targeting', outcome: 'not_consulted' },
  { layer: 'registry_default', outcome: 'not_consulted' },
];

function withoutValue(flagKey: string, reason: 'flag_disabled' | 'flag_not_found', version: number | null): Evaluation {
  return {
    flag_key: flagKey,
    enabled: false,
    value: null,
    variant: null,
    reason,
    warnings: NO_WARNINGS,
    chain: NOTHING_CONSULTED,
    gate: null,
    approval_ref: null,
    ttl_state: null,
    operator_alert: false,
    flag_version: version,
  };
}
