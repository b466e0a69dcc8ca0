import { type Instant, type Transaction, unchanged } from '#libs/kernel';
import { type Approval, type OpenApproval, contentHash, isOpen } from './approval.ts';
import { rowUnknown, whyNotDeadline } from './deadline.ts';
import type { MatrixRow } from './matrix.ts';
import { type Person, closed, notFound, whyTooLate } from './refusals.ts';
import { type ApprovalDecision, approvalEntry, refuse, transition } from './transition.ts';

export interface EditRequest {
  /** The revision that the editor saw. */
  readonly revision: number;
  /** Null: as it is. */
  readonly justification: string | null;
  /** Null: as it is. */
  readonly sla_deadline: Instant | null;
}

/** An edit makes a new revision that nobody has signed; one that changes nothing writes nothing. */
export function decideEdit(
  approval: Approval | null,
  request: EditRequest,
  { by, rowOf }: { readonly by: Person; readonly rowOf: (row: string) => MatrixRow | null },
  tx: Transaction,
): ApprovalDecision {
  if (approval === null) return refuse(notFound());
  if (!isOpen(approval)) return refuse(closed(approval));
  const tooLate = whyTooLate(approval, request.revision, tx.at);
  if (tooLate !== null) return refuse(tooLate);
  const justification = request.justification ?? approval.justification;
  const sla_deadline = request.sla_deadline ?? approval.sla_deadline;
  if (justification === approval.justification && sla_deadline === approval.sla_deadline) {
    return unchanged({ accepted: approval });
  }
  if (sla_deadline !== null && sla_deadline !== approval.sla_deadline) {
    const row = rowOf(approval.matrix_row);
    if (row === null) return refuse(rowUnknown(approval.matrix_row));
    const refusal = whyNotDeadline(sla_deadline, { row, issued_at: approval.issued_at, at: tx.at });
    if (refusal !== null) return refuse(refusal);
  }
  const edited: OpenApproval = {
    ...approval,
    justification,
    sla_deadline,
    content_hash: contentHash({ ...approval, justification, sla_deadline }),
    state: 'pending',
    revision: approval.revision + 1,
    edited_by: by.id,
    edited_at: tx.at,
    version: tx.nextVersion(),
    signatures: [],
    earlier_signatures: [...approval.earlier_signatures, ...approval.signatures],
  };
  return transition(edited, approvalEntry('approval.edited', edited, { before: approval }), 'edited', tx);
}
