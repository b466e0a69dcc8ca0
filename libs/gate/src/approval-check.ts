import type { Actor } from '#libs/kernel';

/** One question to `POST /api/policy/sensitive.check.2b`, in the wire's own words. */
export interface SensitiveCheck {
  readonly target_type: 'feature_flag';
  readonly target_id: string;
  readonly matrix_row: string;
}

export const TTL_STATES = ['valid', 'expired', 'stale', 'not-applicable'] as const;
export type TtlState = (typeof TTL_STATES)[number];

/** The reasons that Admin gives for a denial. */
export const DENIAL_REASONS = [
  'approval_missing',
  'approval_pending',
  'dual_signers_required',
  'approval_expired',
  'approval_stale',
  'approval_withdrawn',
  'approval_rejected',
  'approval_mismatch',
  'policy_fail_safe',
  'matrix_row_unknown',
] as const;
export type DenialReason = (typeof DENIAL_REASONS)[number];

/** Admin's answer to one question. */
export interface SensitiveCheckAnswer {
  readonly decision: 'allow' | 'deny' | 'allow-with-warning';
  readonly ttl_state: TtlState;
  readonly approval_ref?: string | null;
  readonly reason?: string | null;
  /** How long the answer stays what it is, counted from the instant of the check. */
  readonly valid_for_ms?: number | null;
  readonly meta: {
    readonly operator_alert: boolean;
    readonly warnings: readonly string[];
    readonly backing_state: string;
  };
}

/** Who asks for a gated flag. */
export interface Asker {
  readonly actor: Actor;
  /** The caller's own token, for Admin to verify; null when there is none, and then no approval is meant. */
  readonly subjectToken: string | null;
  readonly correlationId: string;
}

/** Admin answered that it will not answer: any 4xx but 429. It is there, so the breaker does not count it. */
export class AdminRefused extends Error {
  override readonly name = 'AdminRefused';
}

/** Admin gave no answer that can be used: timeout, network, 5xx, 429, an unreadable body. The breaker counts it. */
export class AdminUnreachable extends Error {
  override readonly name = 'AdminUnreachable';
}

/** Where FF asks Admin. */
export abstract class ApprovalCheck {
  /**
   * All answers, in the order of the checks (at most LIMITS.checksPerCall of them).
   * Gives up when `signal` is aborted.
   * @throws AdminRefused; every other error means that Admin was not reached.
   */
  abstract ask(
    checks: readonly SensitiveCheck[],
    by: Asker,
    signal: AbortSignal,
  ): Promise<readonly SensitiveCheckAnswer[]>;
}

/** FF's own token for Admin (audience `ptt-admin`, scope `admin:check`). */
export abstract class ServiceToken {
  abstract current(): Promise<string>;
}
