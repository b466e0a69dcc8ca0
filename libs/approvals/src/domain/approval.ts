import { type Instant, type JsonObject, type Fault, canonicalJson, sha256Hex, toIso } from '#libs/kernel';

// pending ──sign──▶ signed_partial ──sign──▶ signed_full        (a single-role row: pending ──sign──▶ signed_full)
//    ▲                    │                      │
//    └───────────────── edit: revision + 1, no signatures ──────┘
// pending, signed_partial ──reject──▶ rejected (final)
// pending, signed_partial, signed_full ──withdraw, or superseded when past the deadline──▶ withdrawn (final)
// `expired` is no state: time passes without a transition (ttl-state.ts).

export const OPEN_STATES = ['pending', 'signed_partial', 'signed_full'] as const;
export const CLOSED_STATES = ['withdrawn', 'rejected'] as const;
export const STATES = [...OPEN_STATES, ...CLOSED_STATES] as const;
export type OpenState = (typeof OPEN_STATES)[number];
export type ClosedState = (typeof CLOSED_STATES)[number];
export type ApprovalState = (typeof STATES)[number];

/** Who issued what an edit of the file added: somebody without a token, so nobody knows who. */
export const UNKNOWN_ISSUER = 'foreign_edit';

/** What an approval is for; a check must name all three exactly. Approvals are not bound to tenants. */
export interface Place {
  readonly target_type: string;
  readonly target_id: string;
  readonly matrix_row: string;
}

/** What `content_hash` covers, and so what a signature is given for. */
export interface Content extends Place {
  readonly justification: string;
  /** The first instant at which it can be neither signed nor used; null counts as long past. */
  readonly sla_deadline: Instant | null;
}

/** One person's yes, in one role, to one revision. */
export interface Signature {
  readonly approval_id: string;
  readonly revision: number;
  readonly signer: string;
  readonly role: string;
  readonly signed_at: Instant;
  readonly content_hash: string;
  readonly comment: string | null;
}

interface ApprovalFields extends Content {
  /** `APP-` six digits `-` slug. */
  readonly id: string;
  /** The row's roles as they were at issue. */
  readonly required_roles: readonly string[];
  /** From 1; an edit begins the next one. */
  readonly revision: number;
  readonly content_hash: string;
  /** The `sub` of the issuer's token, or {@link UNKNOWN_ISSUER}. */
  readonly issued_by: string;
  readonly issued_at: Instant;
  readonly edited_by: string | null;
  readonly edited_at: Instant | null;
  /** From the store's one rising counter. */
  readonly version: number;
  /** Those of this revision. */
  readonly signatures: readonly Signature[];
  /** Those of the revisions before: they count for nothing and are never deleted. */
  readonly earlier_signatures: readonly Signature[];
}

export interface OpenApproval extends ApprovalFields {
  readonly state: OpenState;
}

export interface ClosedApproval extends ApprovalFields {
  readonly state: ClosedState;
  readonly closed_at: Instant;
}

export type Approval = OpenApproval | ClosedApproval;

/** A stored row that this version cannot make sense of. It denies, and nothing changes it. */
export interface UnreadableApproval extends Place {
  readonly state: 'unreadable';
  readonly id: string;
  readonly issued_at: Instant;
  readonly version: number;
  /** The row as it was found. */
  readonly document: JsonObject;
  readonly faults: readonly Fault[];
}

export type StoredApproval = Approval | UnreadableApproval;

export function isOpen(approval: StoredApproval): approval is OpenApproval {
  return OPEN_STATES.some((state) => state === approval.state);
}

/** From the deadline on only withdrawal and superseding are legal. */
export function isPastDeadline({ sla_deadline }: Content, at: Instant): boolean {
  return sla_deadline === null || at >= sla_deadline;
}

export function isFor(approval: Place, place: Place): boolean {
  return (
    approval.target_type === place.target_type &&
    approval.target_id === place.target_id &&
    approval.matrix_row === place.matrix_row
  );
}

/** One text for a place; no two places share it. */
export function placeKey({ target_type, target_id, matrix_row }: Place): string {
  return JSON.stringify([target_type, target_id, matrix_row]);
}

/** SHA-256 over the RFC 8785 bytes of `{target_type, target_id, matrix_row, sla_deadline, justification}`, the deadline in RFC 3339. */
export function contentHash({ target_type, target_id, matrix_row, sla_deadline, justification }: Content): string {
  const deadline = sla_deadline === null ? null : toIso(sla_deadline);
  return sha256Hex(canonicalJson({ target_type, target_id, matrix_row, sla_deadline: deadline, justification }));
}

/** The open state that so many of the required signatures make. */
export function signedState(signatures: number, required: number): OpenState {
  if (signatures === 0) return 'pending';
  return signatures < required ? 'signed_partial' : 'signed_full';
}
