/** Why a flag answered as it did, where the gate had no say: one closed set for API, chain, audit and metrics. */
export const EVALUATION_REASONS = [
  'user_override_precedence',
  'user_override',
  'tenant_override',
  'targeting_match',
  'split',
  'registry_default',
  'flag_disabled',
  'flag_not_found',
  'targeting_error',
] as const;

/** Why the gate denied. */
export const GATE_REASONS = [
  'approval_missing',
  'approval_pending',
  'dual_signers_required',
  'approval_expired',
  'approval_stale',
  'approval_withdrawn',
  'approval_rejected',
  'approval_mismatch',
  'policy_fail_safe',
  'admin_unreachable',
  'admin_refused',
  'matrix_row_unknown',
] as const;

export const REASONS = [...EVALUATION_REASONS, ...GATE_REASONS] as const;

export type Reason = (typeof REASONS)[number];
