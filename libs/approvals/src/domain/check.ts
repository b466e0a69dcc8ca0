import { type Instant, unreachable } from '#libs/kernel';
import { type Place, type StoredApproval, isFor } from './approval.ts';
import type { MatrixRow } from './matrix.ts';
import { type TtlState, ttlStateOf } from './ttl-state.ts';

export type DenyReason =
  | 'approval_missing'
  | 'approval_pending'
  | 'dual_signers_required'
  | 'approval_expired'
  | 'approval_stale'
  | 'approval_withdrawn'
  | 'approval_rejected'
  | 'approval_mismatch'
  | 'matrix_row_unknown'
  | 'policy_fail_safe';

/** What is known at the instant of a check. */
export interface CheckFacts {
  readonly place: Place;
  /** The row as the matrix has it now; null when it has none. */
  readonly row: MatrixRow | null;
  /** The approvals of the place; others are passed over. */
  readonly candidates: readonly StoredApproval[];
  /** The approval that the caller's token names, found or not; null when it names none. */
  readonly named: { readonly ref: string; readonly approval: StoredApproval | null } | null;
  readonly at: Instant;
}

export type Verdict =
  | {
      readonly decision: 'allow' | 'allow-with-warning';
      readonly ttl_state: 'valid';
      readonly approval_ref: string;
      /** Until the answer changes by time alone: the next of warn_before and deadline. */
      readonly valid_for_ms: number;
    }
  | {
      readonly decision: 'deny';
      readonly ttl_state: TtlState;
      readonly approval_ref: string | null;
      readonly reason: DenyReason;
    };

function denied(
  reason: DenyReason,
  ttl_state: TtlState = 'not-applicable',
  approval_ref: string | null = null,
): Verdict {
  return { decision: 'deny', ttl_state, approval_ref, reason };
}

function isNewer(one: StoredApproval, other: StoredApproval): boolean {
  return one.issued_at === other.issued_at ? one.id > other.id : one.issued_at > other.issued_at;
}

/** The valid approval of the place if there is one, else the newest by issued_at, then id. */
export function selectApproval(
  candidates: readonly StoredApproval[],
  place: Place,
  at: Instant,
): StoredApproval | null {
  let chosen: StoredApproval | null = null;
  let chosenIsValid = false;
  for (const candidate of candidates) {
    if (!isFor(candidate, place)) continue;
    const isValid = ttlStateOf(candidate, at) === 'valid';
    if (chosen === null || (isValid && !chosenIsValid) || (isValid === chosenIsValid && isNewer(candidate, chosen))) {
      chosen = candidate;
      chosenIsValid = isValid;
    }
  }
  return chosen;
}

/** Decides on one approval, by the row as it is now. */
function verdictOn(approval: StoredApproval, row: MatrixRow, at: Instant): Verdict {
  const ttlState = ttlStateOf(approval, at);
  const deny = (reason: DenyReason): Verdict => denied(reason, ttlState, approval.id);
  switch (approval.state) {
    case 'withdrawn':
      return deny('approval_withdrawn');
    case 'rejected':
      return deny('approval_rejected');
    case 'unreadable':
      return deny('policy_fail_safe');
    case 'pending':
    case 'signed_partial':
    case 'signed_full':
      break;
    default:
      return unreachable(approval);
  }
  const { sla_deadline } = approval;
  if (sla_deadline === null || ttlState === 'stale') return deny('approval_stale');
  if (ttlState === 'expired') return deny('approval_expired');
  if (approval.state === 'pending') return deny('approval_pending');
  if (approval.state === 'signed_partial') return deny('dual_signers_required');
  // The roles at issue have signed; the matrix may have come to ask for more since.
  const signed = new Set(approval.signatures.map(({ role }) => role));
  if (!row.required_roles.every((role) => signed.has(role))) return deny('policy_fail_safe');
  const warnFrom = sla_deadline - row.warnBeforeMs;
  return at >= warnFrom
    ? { decision: 'allow-with-warning', ttl_state: 'valid', approval_ref: approval.id, valid_for_ms: sla_deadline - at }
    : { decision: 'allow', ttl_state: 'valid', approval_ref: approval.id, valid_for_ms: warnFrom - at };
}

/** sensitive.check.2b: allow only what is fully signed, in time, and for exactly this target and row. */
export function checkDecision({ place, row, candidates, named, at }: CheckFacts): Verdict {
  if (row === null) return denied('matrix_row_unknown');
  if (row.required_roles.length === 0) return denied('policy_fail_safe');
  if (named !== null) {
    const isMeant = named.approval !== null && isFor(named.approval, place);
    return isMeant ? verdictOn(named.approval, row, at) : denied('approval_mismatch', 'not-applicable', named.ref);
  }
  const approval = selectApproval(candidates, place, at);
  return approval === null ? denied('approval_missing') : verdictOn(approval, row, at);
}
