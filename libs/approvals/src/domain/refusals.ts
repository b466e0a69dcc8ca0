import type { Instant } from '#libs/kernel';
import { type Approval, type ClosedApproval, type OpenApproval, isPastDeadline } from './approval.ts';
import type { Refusal } from './outcome.ts';
import { deadlineWords } from './transition.ts';

/** Who asks, as far as the rules care. */
export interface Person {
  readonly id: string;
  /** Signer roles, from the claim `roles`. */
  readonly roles: readonly string[];
}

export function notFound(): Refusal {
  return { code: 'approval_not_found', detail: 'There is no approval of this id.', pointer: '#/path/id' };
}

export function closed({ id, state }: ClosedApproval): Refusal {
  return { code: 'approval_closed', detail: `${id} is ${state} for good; issue a new approval.` };
}

export function revisionConflict({ id, revision }: Approval, seen: number): Refusal {
  return {
    code: 'revision_conflict',
    detail: `${id} is at revision ${revision}, not ${seen}: read it again and decide anew.`,
    pointer: '/revision',
    extensions: { revision },
  };
}

export function fullySigned({ id, required_roles }: Approval): Refusal {
  return { code: 'approval_fully_signed', detail: `${id} has all ${required_roles.length} signatures already.` };
}

/** What time and revision have against a step other than withdrawal; null when nothing. */
export function whyTooLate(approval: OpenApproval, seen: number, at: Instant): Refusal | null {
  if (isPastDeadline(approval, at)) {
    return {
      code: 'approval_past_deadline',
      detail: `${approval.id} can only be withdrawn or superseded: ${deadlineWords(approval.sla_deadline)}.`,
    };
  }
  return approval.revision === seen ? null : revisionConflict(approval, seen);
}
