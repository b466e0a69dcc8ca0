import type { AuditEntry, Clock, Decision, Origin, OutboxMessage, Transaction } from '#libs/kernel';
import { type Approval, type Place, type PlaceView, type StoredApproval, isFor } from '../domain/index.ts';
import { type ApprovalFilter, type ApprovalPage, ApprovalStore, type CheckView } from '../ports/approval-store.ts';
import { CountingTransactions } from './counting-transactions.ts';

/** Approvals in memory, for tests above the store; it passes the suite of the real ones. */
export class MemoryApprovalStore extends ApprovalStore {
  readonly backing = 'file_backed';
  readonly records: AuditEntry[] = [];
  readonly messages: OutboxMessage[] = [];
  readonly #rows = new Map<string, StoredApproval>();
  readonly #transactions = new CountingTransactions();

  constructor(private readonly clock: Clock) {
    super();
  }

  /** Puts a row there as somebody without rules would. */
  put(approval: StoredApproval): void {
    this.#rows.set(approval.id, approval);
  }

  get(id: string): Promise<StoredApproval | null> {
    return Promise.resolve(this.#rows.get(id) ?? null);
  }

  page(filter: ApprovalFilter, after: string | null, limit: number): Promise<ApprovalPage> {
    const wanted = Object.entries(filter);
    const found = [...this.#rows.values()]
      .filter((approval) =>
        wanted.every(([name, value]) => new Map<string, unknown>(Object.entries(approval)).get(name) === value),
      )
      .filter(({ id }) => after === null || id > after)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    return Promise.resolve({ approvals: found.slice(0, limit), hasMore: found.length > limit });
  }

  view(places: readonly Place[], approvalRef: string | null): Promise<CheckView> {
    return Promise.resolve({
      at: this.clock.now(),
      candidates: places.map((place) => this.#at(place)),
      named: approvalRef === null ? null : (this.#rows.get(approvalRef) ?? null),
    });
  }

  change<Answer>(
    id: string,
    _origin: Origin,
    decide: (approval: Approval | null, tx: Transaction) => Decision<Approval, Answer>,
  ): Promise<Answer> {
    return this.#commit((tx) => {
      const approval = this.#rows.get(id) ?? null;
      if (approval?.state === 'unreadable') throw new Error(`${id} cannot be read`);
      return decide(approval, tx);
    });
  }

  issue<Answer>(
    place: Place,
    _origin: Origin,
    decide: (view: PlaceView, tx: Transaction) => Decision<Approval, Answer>,
  ): Promise<Answer> {
    return this.#commit((tx) => decide({ approvals: this.#at(place), isTaken: (id) => this.#rows.has(id) }, tx));
  }

  seed<Answer>(
    _origin: Origin,
    decide: (isEmpty: boolean, tx: Transaction) => Decision<Approval, Answer>,
  ): Promise<Answer> {
    return this.#commit((tx) => decide(this.#rows.size === 0, tx));
  }

  #at(place: Place): readonly StoredApproval[] {
    return [...this.#rows.values()].filter((approval) => isFor(approval, place));
  }

  async #commit<Answer>(decide: (tx: Transaction) => Decision<Approval, Answer>): Promise<Answer> {
    const { answer, changes, records, messages } = decide(this.#transactions.at(this.clock.now()));
    for (const { key, row } of changes) if (row !== null) this.#rows.set(key, row);
    this.records.push(...records);
    this.messages.push(...messages);
    return Promise.resolve(answer);
  }
}
