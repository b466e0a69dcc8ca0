import { type JsonObject, toIso } from '#libs/kernel';
import { type Signature, type StoredApproval, isOpen } from './approval.ts';

function signatureDocument({ comment, signed_at, ...signature }: Signature): JsonObject {
  return { ...signature, signed_at: toIso(signed_at), ...(comment === null ? {} : { comment }) };
}

/**
 * An approval as it stands in files, in the journal and in envelopes: instants in RFC 3339, absent members left out,
 * the signatures of every revision, each with its own, the earlier ones first.
 */
export function approvalDocument(approval: StoredApproval): JsonObject {
  if (approval.state === 'unreadable') return approval.document;
  const { edited_by, edited_at } = approval;
  return {
    id: approval.id,
    target_type: approval.target_type,
    target_id: approval.target_id,
    matrix_row: approval.matrix_row,
    justification: approval.justification,
    required_roles: approval.required_roles,
    required_signer_count: approval.required_roles.length,
    state: approval.state,
    revision: approval.revision,
    content_hash: approval.content_hash,
    sla_deadline: approval.sla_deadline === null ? null : toIso(approval.sla_deadline),
    issued_by: approval.issued_by,
    issued_at: toIso(approval.issued_at),
    ...(edited_by === null ? {} : { edited_by }),
    ...(edited_at === null ? {} : { edited_at: toIso(edited_at) }),
    ...(isOpen(approval) ? {} : { closed_at: toIso(approval.closed_at) }),
    version: approval.version,
    signatures: [...approval.earlier_signatures, ...approval.signatures].map(signatureDocument),
  };
}

/** An approval as callers see it: only the signatures that count, those of its revision. */
export function approvalAnswer(approval: StoredApproval): JsonObject {
  if (approval.state === 'unreadable') return approval.document;
  return approvalDocument({ ...approval, earlier_signatures: [] });
}
