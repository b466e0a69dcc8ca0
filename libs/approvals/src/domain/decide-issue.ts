import type { Instant, Transaction } from '#libs/kernel';
import { type OpenApproval, type Place, contentHash, isOpen, isPastDeadline } from './approval.ts';
import { latestDeadline, rowUnknown, whyNotDeadline } from './deadline.ts';
import { withdrawn } from './decide-close.ts';
import type { MatrixRow } from './matrix.ts';
import type { StoredApproval } from './approval.ts';
import type { Person } from './refusals.ts';
import { type ApprovalDecision, approvalEntry, deadlineWords, refuse, transition } from './transition.ts';

export interface IssueRequest extends Place {
  readonly justification: string;
  /** Null: as late as the row allows. */
  readonly sla_deadline: Instant | null;
}

/** What the store knows of a place when something is to be issued there. */
export interface PlaceView {
  /** Every approval of the place. */
  readonly approvals: readonly StoredApproval[];
  isTaken(id: string): boolean;
}

const FIRST_NUMBER = 100_000;
const NUMBERS = 900_000;
const SLUG_LENGTH = 40;

/** A text as part of an id: lower-case letters and digits with single dashes. */
function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH)
    .replaceAll(/^-|-$/g, '');
}

/** `APP-` six digits `-` slug: the digits rise with the version, the slug tells people what it is for. */
export function approvalId(place: Place, version: number, isTaken: (id: string) => boolean): string {
  const slug = slugOf(place.target_id) || slugOf(place.matrix_row) || 'approval';
  for (let number = version; ; number += 1) {
    const id = `APP-${FIRST_NUMBER + (number % NUMBERS)}-${slug}`;
    if (!isTaken(id)) return id;
  }
}

/**
 * Issues an approval. At most one is open per target and row: one that still counts refuses the new one,
 * one past its deadline is withdrawn by the same decision, with a record and an event of its own.
 */
export function decideIssue(
  view: PlaceView,
  request: IssueRequest,
  { by, row }: { readonly by: Person; readonly row: MatrixRow | null },
  tx: Transaction,
): ApprovalDecision {
  if (row === null || row.required_roles.length === 0) return refuse(rowUnknown(request.matrix_row));
  const deadline = request.sla_deadline ?? latestDeadline(row, tx.at);
  const refusal = whyNotDeadline(deadline, { row, issued_at: tx.at, at: tx.at });
  if (refusal !== null) return refuse(refusal);
  const open = view.approvals.filter(isOpen);
  const counting = open.find((approval) => !isPastDeadline(approval, tx.at));
  if (counting !== undefined) {
    return refuse({
      code: 'approval_already_open',
      detail: `${counting.id} is open for this target and row: use it, edit it, or withdraw it first.`,
      extensions: { approval_ref: counting.id },
    });
  }
  const superseded = open.map((approval) => {
    const gone = withdrawn(approval, tx);
    const reason = `superseded: ${deadlineWords(approval.sla_deadline)}`;
    return transition(gone, approvalEntry('approval.withdrawn', gone, { before: approval, reason }), 'superseded', tx);
  });
  const version = tx.nextVersion();
  const content = { ...placeOf(request), justification: request.justification, sla_deadline: deadline };
  const approval: OpenApproval = {
    ...content,
    id: approvalId(request, version, (id) => view.isTaken(id)),
    required_roles: row.required_roles,
    state: 'pending',
    revision: 1,
    content_hash: contentHash(content),
    issued_by: by.id,
    issued_at: tx.at,
    edited_by: null,
    edited_at: null,
    version,
    signatures: [],
    earlier_signatures: [],
  };
  const issued = transition(approval, approvalEntry('approval.issued', approval), 'issued', tx);
  const steps = [...superseded, issued];
  return {
    answer: issued.answer,
    changes: steps.flatMap(({ changes }) => changes),
    records: steps.flatMap(({ records }) => records),
    messages: steps.flatMap(({ messages }) => messages),
  };
}

function placeOf({ target_type, target_id, matrix_row }: Place): Place {
  return { target_type, target_id, matrix_row };
}
