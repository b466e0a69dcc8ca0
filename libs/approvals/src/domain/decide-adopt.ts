import {
  type Decision,
  type Fault,
  type Instant,
  type JsonObject,
  PttError,
  type Transaction,
  canonicalJson,
} from '#libs/kernel';
import { type Approval, type StoredApproval, UNKNOWN_ISSUER, isOpen, placeKey } from './approval.ts';
import { approvalDocument } from './approval-document.ts';
import { rowUnknown, whyNotDeadline } from './deadline.ts';
import type { Matrix } from './matrix.ts';
import { approvalEntry, transition, versioned } from './transition.ts';

/** What an approval says, whatever its version: the store gives versions, a file does not. */
function substance(approval: StoredApproval): string {
  const document: JsonObject = { ...approvalDocument(approval), version: null };
  return canonicalJson(document);
}

/** Where an added approval says of its times what no history of commands up to now could have made. */
function untimely(approval: Approval, pointer: string, at: Instant): readonly Fault[] {
  const { issued_at, edited_at, sla_deadline, signatures, earlier_signatures } = approval;
  const faults: Fault[] = [];
  if (issued_at > at) faults.push({ pointer: `${pointer}/issued_at`, detail: 'is yet to come' });
  const closed_at = isOpen(approval) ? null : approval.closed_at;
  for (const [member, instant] of Object.entries({ edited_at, closed_at })) {
    if (instant === null || (instant >= issued_at && instant <= at)) continue;
    faults.push({ pointer: `${pointer}/${member}`, detail: 'must lie between issued_at and now' });
  }
  for (const [index, { signed_at }] of [...earlier_signatures, ...signatures].entries()) {
    const isOfRevision = index >= earlier_signatures.length;
    const isLate = isOfRevision && sla_deadline !== null && signed_at >= sla_deadline;
    if (signed_at >= issued_at && signed_at <= at && !isLate) continue;
    const detail = 'must lie between issued_at and now, and before sla_deadline';
    faults.push({ pointer: `${pointer}/signatures/${index}/signed_at`, detail });
  }
  return faults;
}

/**
 * Where an added approval that is open says who issued, edited or signed it. Whoever edits the file has shown no
 * token: another's name there would let the editor sign as if somebody else had asked.
 */
function unproven(approval: Approval, pointer: string): Fault[] {
  const { issued_by, edited_by, revision, signatures, earlier_signatures } = approval;
  const faults: Fault[] = [];
  const fault = (member: string, detail: string): void => void faults.push({ pointer: `${pointer}/${member}`, detail });
  if (issued_by !== UNKNOWN_ISSUER) {
    fault('issued_by', `must be "${UNKNOWN_ISSUER}" in an open approval: a file cannot show who wrote it`);
  }
  if (revision !== 1) fault('revision', 'must be 1 in an open approval: it is edited by its command only');
  if (edited_by !== null) fault('edited_by', 'must be absent in an open approval: a file cannot show who wrote it');
  if (signatures.length + earlier_signatures.length > 0) {
    fault('signatures', 'must be empty: an open approval is signed by its signers, never by the file');
  }
  return faults;
}

/** Where an added approval is none that could have been issued under this policy. */
function unissuable(approval: Approval, pointer: string, matrix: Matrix): readonly Fault[] {
  const { matrix_row, required_roles, sla_deadline, issued_at } = approval;
  const faults: Fault[] = isOpen(approval) ? unproven(approval, pointer) : [];
  const fault = (member: string, detail: string): void => void faults.push({ pointer: `${pointer}/${member}`, detail });
  const row = matrix.get(matrix_row);
  if (row === undefined || row.required_roles.length === 0) {
    fault('matrix_row', rowUnknown(matrix_row).detail);
    return faults;
  }
  if (canonicalJson(required_roles.toSorted()) !== canonicalJson(row.required_roles.toSorted())) {
    fault('required_roles', `must be those of ${row.row}: ${row.required_roles.join(', ')}`);
  }
  if (sla_deadline === null) fault('sla_deadline', 'is required: an approval is never issued without one');
  else {
    const refusal = whyNotDeadline(sla_deadline, { row, issued_at, at: issued_at });
    if (refusal !== null) fault('sla_deadline', refusal.detail);
  }
  return faults;
}

/**
 * What somebody's edit of the approvals' file amounts to: approvals can be added this way, never changed or removed,
 * and one that is added obeys the rules that an issued one obeys.
 * @throws PttError `invalid_field` with every fault; the whole edit is refused then.
 */
export function decideAdopt(
  current: ReadonlyMap<string, StoredApproval>,
  found: readonly StoredApproval[],
  matrix: Matrix,
  tx: Transaction,
): Decision<Approval, null> {
  const faults: Fault[] = [];
  const added: Approval[] = [];
  const foundIds = new Set<string>();
  const openPlaces = new Set([...current.values()].filter(isOpen).map(placeKey));
  for (const [index, approval] of found.entries()) {
    const pointer = `/approvals/${index}`;
    const known = current.get(approval.id);
    if (foundIds.has(approval.id)) faults.push({ pointer: `${pointer}/id`, detail: `${approval.id} is there twice` });
    foundIds.add(approval.id);
    if (known !== undefined) {
      if (substance(known) !== substance(approval)) {
        faults.push({ pointer, detail: `${approval.id} differs: an approval is changed by its commands only` });
      }
    } else if (approval.state === 'unreadable') {
      faults.push(...approval.faults);
    } else {
      if (isOpen(approval)) {
        const place = placeKey(approval);
        if (openPlaces.has(place)) faults.push({ pointer, detail: 'is a second open approval for its target and row' });
        openPlaces.add(place);
      }
      faults.push(...untimely(approval, pointer, tx.at), ...unissuable(approval, pointer, matrix));
      added.push(approval);
    }
  }
  for (const id of current.keys()) {
    if (!foundIds.has(id))
      faults.push({ pointer: '/approvals', detail: `${id} is gone: an approval is never deleted` });
  }
  if (faults.length > 0) {
    throw new PttError('invalid_field', {
      detail: 'Approvals can be added to the file, never changed or removed.',
      faults,
    });
  }
  const steps = added.map((approval) => {
    const adopted = versioned(approval, tx);
    return transition(adopted, approvalEntry('approval.issued', adopted), UNKNOWN_ISSUER, tx);
  });
  return {
    answer: null,
    changes: steps.flatMap(({ changes }) => changes),
    records: steps.flatMap(({ records }) => records),
    messages: steps.flatMap(({ messages }) => messages),
  };
}
