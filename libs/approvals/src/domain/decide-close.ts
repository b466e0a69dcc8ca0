import type { Transaction } from '#libs/kernel';
import { type Approval, type ClosedApproval, type OpenApproval, isOpen } from './approval.ts';
import { type Person, closed, fullySigned, notFound, revisionConflict, whyTooLate } from './refusals.ts';
import { type ApprovalDecision, approvalEntry, refuse, transition } from './transition.ts';

export interface CloseRequest {
  /** The revision that was seen. */
  readonly revision: number;
  readonly reason: string;
}

/** The approval as it is once withdrawn, now and for good. Its signatures stay. */
export function withdrawn(approval: OpenApproval, tx: Transaction): ClosedApproval {
  return { ...approval, state: 'withdrawn', version: tx.nextVersion(), closed_at: tx.at };
}

/** A withdrawal: legal from every open state, and the only step that the deadline does not end. */
export function decideWithdraw(
  approval: Approval | null,
  { revision, reason }: CloseRequest,
  tx: Transaction,
): ApprovalDecision {
  if (approval === null) return refuse(notFound());
  if (!isOpen(approval)) return refuse(closed(approval));
  if (approval.revision !== revision) return refuse(revisionConflict(approval, revision));
  const gone = withdrawn(approval, tx);
  return transition(gone, approvalEntry('approval.withdrawn', gone, { before: approval, reason }), 'withdrawn', tx);
}

/** A rejection: a signer's no, in any of the required roles, before everybody has signed; never the issuer's. */
export function decideReject(
  approval: Approval | null,
  { revision, reason }: CloseRequest,
  by: Person,
  tx: Transaction,
): ApprovalDecision {
  if (approval === null) return refuse(notFound());
  if (!approval.required_roles.some((role) => by.roles.includes(role))) {
    const roles = approval.required_roles.join(' or ');
    return refuse({ code: 'role_missing', detail: `Your token carries none of the roles that can reject: ${roles}.` });
  }
  if (!isOpen(approval)) return refuse(closed(approval));
  const tooLate = whyTooLate(approval, revision, tx.at);
  if (tooLate !== null) return refuse(tooLate);
  if (approval.state === 'signed_full') return refuse(fullySigned(approval));
  if (by.id === approval.issued_by) {
    return refuse({
      code: 'self_sign_forbidden',
      detail: `You issued ${approval.id}: withdraw it, or let a signer reject it.`,
    });
  }
  const gone: ClosedApproval = { ...approval, state: 'rejected', version: tx.nextVersion(), closed_at: tx.at };
  return transition(gone, approvalEntry('approval.rejected', gone, { before: approval, reason }), 'rejected', tx);
}
