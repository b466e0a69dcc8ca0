import { unreachable } from '#libs/kernel';
import { DENIAL_REASONS, type DenialReason, type SensitiveCheckAnswer, type TtlState } from './approval-check.ts';

/** What the gate says of one question. */
export interface GateDecision {
  readonly decision: 'allow' | 'deny' | 'allow-with-warning';
  readonly ttl_state: TtlState | null;
  readonly approval_ref: string | null;
  /** Why it is denied, from FF's closed set of reasons; null on an allow. */
  readonly reason: DenialReason | 'admin_unreachable' | 'admin_refused' | null;
  readonly warnings: readonly string[];
  readonly operator_alert: boolean;
}

/** Denied without an answer. */
export function deniedBy(reason: 'admin_unreachable' | 'admin_refused'): GateDecision {
  return { decision: 'deny', ttl_state: null, approval_ref: null, reason, warnings: [], operator_alert: false };
}

/**
 * An answer as a decision. An allow counts only when it names a valid approval: one that contradicts itself
 * is a denial, as is one with a reason that nobody knows.
 */
export function decisionOf(answer: SensitiveCheckAnswer): GateDecision {
  switch (answer.decision) {
    case 'allow':
    case 'allow-with-warning':
      return isConsistentAllow(answer) ? surfaced(answer, answer.decision, null) : denied(answer, 'policy_fail_safe');
    case 'deny':
      return denied(answer, DENIAL_REASONS.find((reason) => reason === answer.reason) ?? 'policy_fail_safe');
    default:
      return unreachable(answer.decision);
  }
}

function isConsistentAllow(answer: SensitiveCheckAnswer): boolean {
  return answer.ttl_state === 'valid' && typeof answer.approval_ref === 'string' && answer.approval_ref !== '';
}

function denied(answer: SensitiveCheckAnswer, reason: DenialReason): GateDecision {
  return surfaced(answer, 'deny', reason);
}

function surfaced(
  answer: SensitiveCheckAnswer,
  decision: GateDecision['decision'],
  reason: DenialReason | null,
): GateDecision {
  return {
    decision,
    ttl_state: answer.ttl_state,
    approval_ref: answer.approval_ref ?? null,
    reason,
    warnings: answer.meta.warnings,
    operator_alert: answer.meta.operator_alert,
  };
}
