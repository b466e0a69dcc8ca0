import { type JsonValue, PttError } from '#libs/kernel';
import type { Approval } from '../domain/approval.ts';
import { parseStoredApproval } from '../domain/parse-approval.ts';

/** An approval that holds. @throws PttError with every fault of one that does not */
export function parseApproval(value: JsonValue, pointer = ''): Approval {
  const approval = parseStoredApproval(value, pointer);
  if (approval.state !== 'unreadable') return approval;
  throw new PttError('invalid_field', { detail: 'The approval does not hold.', faults: approval.faults });
}
