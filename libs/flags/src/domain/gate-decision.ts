import type { Reason } from './reasons.ts';

/** What the gate says of one flag. */
export interface GateDecision {
  readonly decision: 'allow' | 'deny' | 'allow-with-warning';
  readonly ttl_state: string | null;
  readonly approval_ref: string | null;
  /** Why it was denied; null on an allow. */
  readonly reason: Reason | null;
  readonly warnings: readonly string[];
  /** True when the operator must look: an approval past its deadline by more than a day. */
  readonly operator_alert: boolean;
}

/** A denial that FF itself decides. */
export function deny(reason: Reason): GateDecision {
  return { decision: 'deny', ttl_state: null, approval_ref: null, reason, warnings: [], operator_alert: false };
}
