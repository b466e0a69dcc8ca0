import { type Instant, toIso } from '#libs/kernel';
import type { MatrixRow } from './matrix.ts';
import type { Refusal } from './outcome.ts';

export interface DeadlineFacts {
  readonly row: MatrixRow;
  readonly issued_at: Instant;
  /** The instant of the change. */
  readonly at: Instant;
}

/** The latest deadline that the row allows. */
export function latestDeadline(row: MatrixRow, issued_at: Instant): Instant {
  return issued_at + row.useWithinMs;
}

/** A deadline lies in the future and within the row's `use_within` of the issue. */
export function whyNotDeadline(deadline: Instant, { row, issued_at, at }: DeadlineFacts): Refusal | null {
  const latest = latestDeadline(row, issued_at);
  if (deadline > at && deadline <= latest) return null;
  return {
    code: 'deadline_invalid',
    detail: `The deadline must be later than ${toIso(at)} and no later than ${toIso(latest)} (${row.row}: ${row.use_within} from issue).`,
    pointer: '/sla_deadline',
  };
}

export function rowUnknown(row: string): Refusal {
  return {
    code: 'matrix_row_unknown',
    detail: `The approval matrix has no row ${row} that names a role; GET /api/policy/matrix lists the rows.`,
    pointer: '/matrix_row',
  };
}
