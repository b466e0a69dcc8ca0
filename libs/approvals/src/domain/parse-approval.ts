import { type Fault, type JsonValue, isRecord } from '#libs/kernel';
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

export const APPROVAL_ID_SHAPE = /^(?=.{1,128}$)APP-\d{6}-[a-z0-9]+(?:-[a-z0-9]+)*$/;
const HASH_SHAPE = /^[0-9a-f]{64}$/;

function readSignature(value: JsonValue, pointer: string, faults: Fault[]): Signature {
  const fields = Fields.of(value, pointer, faults);
  const signature: Signature = {
    approval_id: fields.id('approval_id', APPROVAL_ID_SHAPE),
    revision: fields.integer('revision', 1),
    signer: fields.id('signer'),
    role: fields.id('role'),
    signed_at: fields.instant('signed_at'),
    content_hash: fields.id('content_hash', HASH_SHAPE),
    comment: fields.optionalText('comment'),
  };
  fields.end();
  return signature;
}

function readSignatures(fields: Fields): readonly Signature[] {
  const pointer = fields.at('signatures');
  return fields.list('signatures').map((value, index) => readSignature(value, `${pointer}/${index}`, fields.faults));
}

/** Reads the shape of an approval; whether its parts agree is `disagreements`' question. Faults are added to `faults`. */
export function readApproval(value: JsonValue, pointer: string, faults: Fault[]): Approval {
  const fields = Fields.of(value, pointer, faults);
  const state = fields.oneOf('state', STATES);
  const revision = fields.integer('revision', 1);
  const signatures = readSignatures(fields);
  const approval = {
    id: fields.id('id', APPROVAL_ID_SHAPE),
    target_type: fields.id('target_type'),
    target_id: fields.id('target_id'),
    matrix_row: fields.id('matrix_row'),
    justification: fields.text('justification'),
    required_roles: fields.ids('required_roles'),
    revision,
    content_hash: fields.id('content_hash', HASH_SHAPE),
    sla_deadline: fields.optionalInstant('sla_deadline'),
    issued_by: fields.id('issued_by'),
    issued_at: fields.instant('issued_at'),
    edited_by: fields.optionalId('edited_by'),
    edited_at: fields.optionalInstant('edited_at'),
    version: fields.value('version') === undefined ? 0 : fields.integer('version', 1),
    signatures: signatures.filter((signature) => signature.revision === revision),
    earlier_signatures: signatures.filter((signature) => signature.revision !== revision),
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
    // In the document the earlier ones come first.
    const member = `signatures/${approval.earlier_signatures.length + index}`;
    if (signature.approval_id !== approval.id) fault(`${member}/approval_id`, 'names another approval');
    if (signature.content_hash !== approval.content_hash)
      fault(`${member}/content_hash`, 'is not the hash of the approval');
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
    const member = `signatures/${index}`;
    if (signature.approval_id !== approval.id) fault(`${member}/approval_id`, 'names another approval');
    if (signature.revision > approval.revision) fault(`${member}/revision`, 'is a revision that is yet to come');
  }
  if (isOpen(approval) && approval.state !== signedState(approval.signatures.length, approval.required_roles.length)) {
    fault('state', `does not fit ${approval.signatures.length} of ${approval.required_roles.length} signatures`);
  }
  return faults;
}

/** A stored approval, as `approvalDocument` writes it: never an error, since a row that cannot be read must deny and not stop the service. */
export function parseStoredApproval(value: JsonValue, pointer = ''): StoredApproval {
  const faults: Fault[] = [];
  const approval = readApproval(value, pointer, faults);
  const all = faults.length > 0 ? faults : disagreements(approval, pointer);
  if (all.length === 0) return approval;
  const { id, target_type, target_id, matrix_row, issued_at, version } = approval;
  const document = isRecord(value) ? value : { value };
  return { state: 'unreadable', id, target_type, target_id, matrix_row, issued_at, version, document, faults: all };
}
