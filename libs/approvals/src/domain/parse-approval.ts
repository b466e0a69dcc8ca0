import { type Fault, type JsonValue, LIMITS, PttError, isRecord } from '#libs/kernel';
import {
  type Approval,
  OPEN_STATES,
  STATES,
  type Signature,
  type StoredApproval,
  contentHash,
  isOpen,
  signedState,
} from './approval.ts';
import { Fields } from './fields.ts';
import { ROLE_SHAPE, ROW_SHAPE } from './matrix.ts';

export const APPROVAL_ID_SHAPE = /^APP-\d{6}-[a-z0-9]+(?:-[a-z0-9]+)*$/;
const APPROVAL_ID_LENGTH = 64;
export const TARGET_TYPE_SHAPE = /^[a-z][a-z0-9_]{0,63}$/;
const HASH_SHAPE = /^[0-9a-f]{64}$/;

function readSignature(value: JsonValue, pointer: string, faults: Fault[]): Signature {
  const fields = Fields.of(value, pointer, faults);
  const signature: Signature = {
    approval_id: fields.text('approval_id', APPROVAL_ID_LENGTH, APPROVAL_ID_SHAPE),
    revision: fields.integer('revision', 1),
    signer: fields.text('signer'),
    role: fields.text('role', undefined, ROLE_SHAPE),
    signed_at: fields.instant('signed_at'),
    content_hash: fields.text('content_hash', undefined, HASH_SHAPE),
    comment: fields.optionalText('comment', LIMITS.reasonLength),
  };
  fields.end();
  return signature;
}

function readSignatures(fields: Fields, name: string): readonly Signature[] {
  return fields.list(name).map((value, index) => readSignature(value, `${fields.at(name)}/${index}`, fields.faults));
}

/** Reads the shape of an approval; whether its parts agree is `disagreements`' question. Faults are added to `faults`. */
export function readApproval(value: JsonValue, pointer: string, faults: Fault[]): Approval {
  const fields = Fields.of(value, pointer, faults);
  const state = fields.oneOf('state', STATES);
  const approval = {
    id: fields.text('id', APPROVAL_ID_LENGTH, APPROVAL_ID_SHAPE),
    target_type: fields.text('target_type', undefined, TARGET_TYPE_SHAPE),
    target_id: fields.text('target_id'),
    matrix_row: fields.text('matrix_row', undefined, ROW_SHAPE),
    justification: fields.text('justification', LIMITS.reasonLength),
    required_roles: fields.texts('required_roles', ROLE_SHAPE),
    revision: fields.integer('revision', 1),
    content_hash: fields.text('content_hash', undefined, HASH_SHAPE),
    sla_deadline: fields.optionalInstant('sla_deadline'),
    issued_by: fields.text('issued_by'),
    issued_at: fields.instant('issued_at'),
    edited_by: fields.optionalText('edited_by'),
    edited_at: fields.optionalInstant('edited_at'),
    version: fields.integer('version', 0),
    signatures: readSignatures(fields, 'signatures'),
    earlier_signatures: fields.value('earlier_signatures') === undefined ? [] : readSignatures(fields, 'earlier_signatures'),
  };
  if (fields.integer('required_signer_count', 1) !== approval.required_roles.length) {
    fields.fault('required_signer_count', 'must be the number of required_roles');
  }
  const closed_at = fields.optionalInstant('closed_at');
  fields.end();
  const openState = OPEN_STATES.find((open) => open === state);
  if (openState !== undefined) {
    if (closed_at !== null) fields.fault('closed_at', `has no place in an approval that is ${state}`);
    return { ...approval, state: openState };
  }
  if (closed_at === null) fields.fault('closed_at', `is required of an approval that is ${state}`);
  return { ...approval, state: state === 'rejected' ? 'rejected' : 'withdrawn', closed_at: closed_at ?? 0 };
}

/** Where the parts of an approval contradict each other or the rules: what no history of commands could have made. */
export function disagreements(approval: Approval, pointer: string): readonly Fault[] {
  const faults: Fault[] = [];
  const fault = (member: string, detail: string): void => void faults.push({ pointer: `${pointer}/${member}`, detail });
  if (approval.content_hash !== contentHash(approval)) {
    fault('content_hash', 'is not the hash of target, row, sla_deadline and justification');
  }
  if ((approval.edited_by === null) !== (approval.edited_at === null)) {
    fault('edited_at', 'stands beside edited_by, or neither is there');
  }
  const signers = new Set<string>();
  const roles = new Set<string>();
  for (const [index, signature] of approval.signatures.entries()) {
    const member = `signatures/${index}`;
    if (signature.approval_id !== approval.id) fault(`${member}/approval_id`, 'names another approval');
    if (signature.revision !== approval.revision) fault(`${member}/revision`, 'is not the revision of the approval');
    if (signature.content_hash !== approval.content_hash) fault(`${member}/content_hash`, 'is not the hash of the approval');
    if (!approval.required_roles.includes(signature.role)) fault(`${member}/role`, 'is not one of required_roles');
    if (signature.signer === approval.issued_by || signature.signer === approval.edited_by) {
      fault(`${member}/signer`, 'is the issuer or the last editor, who cannot sign');
    }
    if (signers.has(signature.signer)) fault(`${member}/signer`, 'has signed this revision already');
    if (roles.has(signature.role)) fault(`${member}/role`, 'has signed this revision already');
    signers.add(signature.signer);
    roles.add(signature.role);
  }
  for (const [index, signature] of approval.earlier_signatures.entries()) {
    const member = `earlier_signatures/${index}`;
    if (signature.approval_id !== approval.id) fault(`${member}/approval_id`, 'names another approval');
    if (signature.revision >= approval.revision) fault(`${member}/revision`, 'is not an earlier revision');
  }
  if (isOpen(approval) && approval.state !== signedState(approval.signatures.length, approval.required_roles.length)) {
    fault('state', `does not fit ${approval.signatures.length} of ${approval.required_roles.length} signatures`);
  }
  return faults;
}

/**
 * An approval as `approvalDocument` writes it.
 * @param pointer where it stands in its document, for the faults.
 * @throws PttError `invalid_field` with every fault.
 */
export function parseApproval(value: JsonValue, pointer = ''): Approval {
  const faults: Fault[] = [];
  const approval = readApproval(value, pointer, faults);
  const all = faults.length > 0 ? faults : disagreements(approval, pointer);
  if (all.length > 0) throw new PttError('invalid_field', { detail: 'The approval does not hold; mend each fault.', faults: all });
  return approval;
}

/** A stored approval: never an error, since a row that cannot be read must deny and not stop the service. */
export function parseStoredApproval(value: JsonValue, pointer = ''): StoredApproval {
  const faults: Fault[] = [];
  const approval = readApproval(value, pointer, faults);
  const all = faults.length > 0 ? faults : disagreements(approval, pointer);
  if (all.length === 0) return approval;
  const { id, target_type, target_id, matrix_row, issued_at, version } = approval;
  const document = isRecord(value) ? value : { value };
  return { state: 'unreadable', id, target_type, target_id, matrix_row, issued_at, version, document, faults: all };
}
