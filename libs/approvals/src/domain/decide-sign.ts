import { type AuditEntry, type Instant, type Transaction, unchanged } from '#libs/kernel';
import { type Approval, type OpenApproval, type Signature, UNKNOWN_ISSUER, isOpen, signedState } from './approval.ts';
import type { Refusal } from './outcome.ts';
import { type Person, closed, fullySigned, notFound, whyTooLate } from './refusals.ts';
import { type ApprovalDecision, approvalEntry, refuse, transition } from './transition.ts';

export interface SignRequest {
  /** The revision that the signer saw. */
  readonly revision: number;
  readonly role: string;
  readonly comment: string | null;
}

/** The role is the signer's to sign in, by their own token. */
function whyNotAuthorized({ role }: SignRequest, by: Person): Refusal | null {
  if (by.roles.includes(role)) return null;
  return { code: 'role_missing', detail: `Your token does not carry the role ${role}.`, pointer: '/role' };
}

function whyNotSign(approval: OpenApproval, { revision, role }: SignRequest, by: Person, at: Instant): Refusal | null {
  const tooLate = whyTooLate(approval, revision, at);
  if (tooLate !== null) return tooLate;
  if (approval.state === 'signed_full') return fullySigned(approval);
  if (!approval.required_roles.includes(role)) {
    return {
      code: 'role_not_required',
      detail: `${approval.id} asks for ${approval.required_roles.join(' and ')}, not for ${role}.`,
      pointer: '/role',
    };
  }
  if (by.id === approval.issued_by || by.id === approval.edited_by) {
    return {
      code: 'self_sign_forbidden',
      detail: `You issued or last edited ${approval.id}; somebody else must sign it.`,
    };
  }
  if (approval.issued_by === UNKNOWN_ISSUER && approval.edited_by === null) {
    return {
      code: 'self_sign_forbidden',
      detail: `${approval.id} was added by an edit of the file, and you may be who added it: first somebody who may issue must edit it by a call, then somebody else can sign.`,
    };
  }
  const own = approval.signatures.find(({ signer }) => signer === by.id);
  if (own !== undefined) {
    return {
      code: 'already_signed',
      detail: `You signed this revision as ${own.role}; another person must sign as ${role}.`,
    };
  }
  if (approval.signatures.some((signature) => signature.role === role)) {
    return { code: 'role_already_signed', detail: `This revision is already signed as ${role}.`, pointer: '/role' };
  }
  return null;
}

function isSame(signature: Signature, { revision, role }: SignRequest, by: Person): boolean {
  return signature.signer === by.id && signature.role === role && signature.revision === revision;
}

/** A refused signature changes nothing and is recorded all the same. */
function refuseSignature({ id }: Approval, refused: Refusal): ApprovalDecision {
  const record: AuditEntry = {
    action: 'approval.sign_refused',
    target: { type: 'approval', id },
    outcome: 'refused',
    reason: refused.code,
    approvalRef: id,
  };
  return { ...refuse(refused), records: [record] };
}

/**
 * A signature: authorization first, then the same signature given before (answered as it was, nothing written),
 * then everything else.
 */
export function decideSign(
  approval: Approval | null,
  request: SignRequest,
  by: Person,
  tx: Transaction,
): ApprovalDecision {
  if (approval === null) return refuse(notFound());
  const unauthorized = whyNotAuthorized(request, by);
  if (unauthorized !== null) return refuseSignature(approval, unauthorized);
  const given = [...approval.signatures, ...approval.earlier_signatures];
  if (given.some((signature) => isSame(signature, request, by))) return unchanged({ accepted: approval });
  if (!isOpen(approval)) return refuseSignature(approval, closed(approval));
  const refusal = whyNotSign(approval, request, by, tx.at);
  if (refusal !== null) return refuseSignature(approval, refusal);
  const signature: Signature = {
    approval_id: approval.id,
    revision: approval.revision,
    signer: by.id,
    role: request.role,
    signed_at: tx.at,
    content_hash: approval.content_hash,
    comment: request.comment,
  };
  const signatures = [...approval.signatures, signature];
  const signed: Approval = {
    ...approval,
    state: signedState(signatures.length, approval.required_roles.length),
    version: tx.nextVersion(),
    signatures,
  };
  return transition(signed, approvalEntry('approval.signed', signed, { before: approval }), 'signed', tx);
}
