import { invariant } from '#libs/kernel';
import {
  type Approval,
  type Matrix,
  type MatrixRow,
  type Place,
  type Signature,
  contentHash,
  parseMatrix,
} from '../domain/index.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** 2026-03-01T00:00:00.000Z: the issue of a sample approval. */
export const ISSUED_AT = Date.UTC(2026, 2, 1);

/** Two rows, as the shipped matrix has them, with short times. */
export function sampleMatrix(): Matrix {
  return parseMatrix({
    rows: [
      {
        row: 'row-sensitive-override',
        required_roles: ['product_owner'],
        use_within: 'P7D',
        warn_before: 'P1D',
        self_sign: false,
      },
      {
        row: 'row-dual-finance-legal',
        required_roles: ['finance_gate', 'legal_gate'],
        use_within: 'P2D',
        warn_before: 'PT12H',
        self_sign: false,
      },
      { row: 'row-nobody', required_roles: [], use_within: 'P1D', warn_before: 'PT1H', self_sign: false },
    ],
  });
}

export function sampleRow(row: string): MatrixRow {
  const found = sampleMatrix().get(row);
  invariant(found !== undefined, `the sample matrix has no row ${row}`);
  return found;
}

export const SINGLE: Place = {
  target_type: 'feature_flag',
  target_id: 'ff.cm.advanced_policy',
  matrix_row: 'row-sensitive-override',
};

export const DUAL: Place = {
  target_type: 'feature_flag',
  target_id: 'ff.cm.advanced_policy',
  matrix_row: 'row-dual-finance-legal',
};

/** How a sample differs from the usual one: pending, for `SINGLE`, issued by `ida`. */
export interface Sample extends Partial<Place> {
  readonly id?: string;
  readonly state?: Approval['state'];
  readonly revision?: number;
  readonly justification?: string;
  readonly sla_deadline?: number | null;
  readonly issued_at?: number;
  readonly issued_by?: string;
  readonly edited_by?: string;
  readonly required_roles?: readonly string[];
  /** Who signed this revision, as `[signer, role]`. */
  readonly signed?: readonly (readonly [string, string])[];
  readonly earlier?: readonly Signature[];
}

/** An approval whose parts agree with each other, whatever is asked of it. */
export function sampleApproval(sample: Sample = {}): Approval {
  const { target_type, target_id, matrix_row } = { ...SINGLE, ...sample };
  const issued_at = sample.issued_at ?? ISSUED_AT;
  const state = sample.state ?? 'pending';
  const id = sample.id ?? 'APP-100100-sample';
  const revision = sample.revision ?? 1;
  const sla_deadline = sample.sla_deadline === undefined ? issued_at + DAY_MS : sample.sla_deadline;
  const content = {
    target_type,
    target_id,
    matrix_row,
    justification: sample.justification ?? 'because',
    sla_deadline,
  };
  const content_hash = contentHash(content);
  const fields = {
    ...content,
    id,
    required_roles: sample.required_roles ?? ['product_owner'],
    revision,
    content_hash,
    issued_by: sample.issued_by ?? 'ida',
    issued_at,
    edited_by: sample.edited_by ?? null,
    edited_at: sample.edited_by === undefined ? null : issued_at + 1,
    version: 1,
    signatures: (sample.signed ?? []).map(([signer, role]) => ({
      approval_id: id,
      revision,
      signer,
      role,
      signed_at: issued_at + 2,
      content_hash,
      comment: null,
    })),
    earlier_signatures: sample.earlier ?? [],
  };
  return state === 'withdrawn' || state === 'rejected'
    ? { ...fields, state, closed_at: issued_at + 3 }
    : { ...fields, state };
}

/** Signed in full in its second revision, with a signature of its first. */
export const EDITED_AND_SIGNED = sampleApproval({
  ...DUAL,
  state: 'signed_full',
  required_roles: ['finance_gate', 'legal_gate'],
  revision: 2,
  edited_by: 'edo',
  signed: [
    ['sam', 'finance_gate'],
    ['lea', 'legal_gate'],
  ],
  earlier: [
    {
      approval_id: 'APP-100100-sample',
      revision: 1,
      signer: 'sam',
      role: 'legal_gate',
      signed_at: ISSUED_AT,
      content_hash: '0'.repeat(64),
      comment: 'fine\tby me\nand by all',
    },
  ],
});
