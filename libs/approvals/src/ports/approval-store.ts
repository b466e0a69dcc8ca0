import type { Decision, Instant, Origin, Transaction } from '#libs/kernel';
import type { Approval, ApprovalState, Place, PlaceView, StoredApproval } from '../domain/index.ts';

/** Which approvals to list; what is absent does not narrow. */
export interface ApprovalFilter {
  readonly state?: ApprovalState;
  readonly target_type?: string;
  readonly target_id?: string;
  readonly matrix_row?: string;
}

export interface ApprovalPage {
  /** By id, ascending. */
  readonly approvals: readonly StoredApproval[];
  readonly hasMore: boolean;
}

/** What a check needs to know, all of it as it was at one instant. */
export interface CheckView {
  readonly at: Instant;
  /** The approvals of each place asked for, in the order of the places. */
  readonly candidates: readonly (readonly StoredApproval[])[];
  /** The approval asked for by id; null when there is none, or none was asked for. */
  readonly named: StoredApproval | null;
}

/**
 * Where approvals are kept. Approvals are not bound to tenants: a token's `tenants` neither opens nor closes them.
 *
 * A decision is made on the newest row, locked, at one instant that is read after the lock was held; its rows,
 * records and messages are committed together, or none of them. What it throws is thrown to the caller.
 */
export abstract class ApprovalStore {
  /** Shown as `meta.backing_state`. */
  abstract readonly backing: 'file_backed' | 'db_backed';

  abstract get(id: string): Promise<StoredApproval | null>;

  /** The next `limit` approvals whose id is above `after`. */
  abstract page(filter: ApprovalFilter, after: string | null, limit: number): Promise<ApprovalPage>;

  abstract view(places: readonly Place[], approvalRef: string | null): Promise<CheckView>;

  /** Changes the approval of that id, if there is one. @throws PttError `internal` when its row cannot be read */
  abstract change<Answer>(
    id: string,
    origin: Origin,
    decide: (approval: Approval | null, tx: Transaction) => Decision<Approval, Answer>,
  ): Promise<Answer>;

  /** Issues at a place; of several who do so at once, each sees what the one before made. */
  abstract issue<Answer>(
    place: Place,
    origin: Origin,
    decide: (view: PlaceView, tx: Transaction) => Decision<Approval, Answer>,
  ): Promise<Answer>;

  /** Fills the store; `isEmpty` is false once it has ever held an approval. */
  abstract seed<Answer>(
    origin: Origin,
    decide: (isEmpty: boolean, tx: Transaction) => Decision<Approval, Answer>,
  ): Promise<Answer>;
}
