import { Clock, type Decision, type JsonObject, type Origin, PttError, type Transaction } from '#libs/kernel';
import type { FileStore, PendingRows, ReadonlyRows, StoreCommits } from '#libs/platform';
import { type Approval, type Place, type PlaceView, type StoredApproval, isFor, placeKey } from '../domain/index.ts';
import { type ApprovalFilter, type ApprovalPage, ApprovalStore, type CheckView } from '../ports/approval-store.ts';
import { approvalOf, approvalTable, onRows } from './approval-table.ts';

/** Approvals in the file store: Admin's own, or, over a store opened as a reader, what a modelled gate looks at. */
export class FileApprovalStore extends ApprovalStore {
  readonly backing = 'file_backed';
  readonly #rows: ReadonlyRows<JsonObject>;
  /** The ids at each place, so that a check never walks all approvals. */
  readonly #idsByPlace = new Map<string, Set<string>>();

  constructor(
    private readonly files: FileStore,
    protected readonly clock: Clock,
    /** How changes are made: by the store itself, or as one of its replicas. */
    private readonly commits: StoreCommits = files,
  ) {
    super();
    this.#rows = files.rows(approvalTable);
    for (const row of this.#rows.values()) this.#index(approvalOf(row));
    // An approval is never removed and never moves to another place.
    this.#rows.onChange(({ row }) => {
      if (row !== null) this.#index(approvalOf(row));
    });
  }

  async get(id: string): Promise<StoredApproval | null> {
    await this.files.look();
    return this.#find(id);
  }

  async page(filter: ApprovalFilter, after: string | null, limit: number): Promise<ApprovalPage> {
    await this.files.look();
    const found: StoredApproval[] = [];
    for (const row of this.#rows.values()) {
      const approval = approvalOf(row);
      if ((after === null || approval.id > after) && isListed(approval, filter)) found.push(approval);
    }
    found.sort((one, other) => (one.id < other.id ? -1 : 1));
    return { approvals: found.slice(0, limit), hasMore: found.length > limit };
  }

  async view(places: readonly Place[], approvalRef: string | null): Promise<CheckView> {
    await this.files.look();
    return {
      at: this.clock.now(),
      candidates: places.map((place) => this.#at(place)),
      named: approvalRef === null ? null : this.#find(approvalRef),
    };
  }

  async change<Answer>(
    id: string,
    origin: Origin,
    decide: (approval: Approval | null, tx: Transaction) => Decision<Approval, Answer>,
  ): Promise<Answer> {
    await this.files.look();
    return this.commits.commit(approvalTable, origin, (rows, tx) => {
      const row = rows.get(id);
      return onRows(decide(row === undefined ? null : readable(approvalOf(row)), tx));
    });
  }

  async issue<Answer>(
    place: Place,
    origin: Origin,
    decide: (view: PlaceView, tx: Transaction) => Decision<Approval, Answer>,
  ): Promise<Answer> {
    await this.files.look();
    return this.commits.commit(approvalTable, origin, (rows, tx) =>
      onRows(decide({ approvals: placed(rows, place), isTaken: (id) => rows.versionOf(id) > 0 }, tx)),
    );
  }

  async seed<Answer>(
    origin: Origin,
    decide: (isEmpty: boolean, tx: Transaction) => Decision<Approval, Answer>,
  ): Promise<Answer> {
    await this.files.look();
    return this.commits.commit(approvalTable, origin, (rows, tx) => onRows(decide(rows.size === 0, tx)));
  }

  #find(id: string): StoredApproval | null {
    const row = this.#rows.get(id);
    return row === undefined ? null : approvalOf(row);
  }

  #at(place: Place): readonly StoredApproval[] {
    const ids = this.#idsByPlace.get(placeKey(place)) ?? [];
    return [...ids].flatMap((id) => this.#find(id) ?? []);
  }

  #index(approval: StoredApproval): void {
    const key = placeKey(approval);
    const ids = this.#idsByPlace.get(key) ?? new Set();
    this.#idsByPlace.set(key, ids.add(approval.id));
  }
}

/** The newest approvals of a place, those that wait for the disk included; issuing is rare enough to walk them all. */
function placed(rows: PendingRows<JsonObject>, place: Place): readonly StoredApproval[] {
  return [...rows.values()].map(approvalOf).filter((approval) => isFor(approval, place));
}

function readable(approval: StoredApproval): Approval {
  if (approval.state !== 'unreadable') return approval;
  throw new PttError('internal', {
    detail: `The stored approval ${approval.id} cannot be read, so nothing can change it. It denies.`,
    cause: approval.faults,
  });
}

function isListed(approval: StoredApproval, { state, target_type, target_id, matrix_row }: ApprovalFilter): boolean {
  return (
    (state === undefined || approval.state === state) &&
    (target_type === undefined || approval.target_type === target_type) &&
    (target_id === undefined || approval.target_id === target_id) &&
    (matrix_row === undefined || approval.matrix_row === matrix_row)
  );
}
