import type { Decision, Origin, OutboxMessage } from '#libs/kernel';
import type { FileStore } from './file-store.ts';
import type { PendingRows, StoreTransaction, Table } from './table.ts';

/** What makes changes in a file store. */
export type StoreCommits = Pick<FileStore, 'commit'>;

export interface ReplicaWritesHooks {
  /** A change of this replica is about to be committed, or never will be. */
  readonly decided: (messages: readonly OutboxMessage[]) => void;
  /** It is committed, and its caller is not answered yet. */
  readonly committed: (messages: readonly OutboxMessage[]) => void;
}

/**
 * A file store as one of the replicas that share it writes to it. What it wrote itself is its own to tell of, and known
 * to it before its caller is answered; of what the others wrote it hears as from another machine.
 */
export class ReplicaWrites implements StoreCommits {
  readonly #store: StoreCommits;
  readonly #hooks: ReplicaWritesHooks;

  constructor(store: StoreCommits, hooks: ReplicaWritesHooks) {
    this.#store = store;
    this.#hooks = hooks;
  }

  /** @throws as `FileStore.commit` does */
  async commit<Row, Answer>(
    table: Table<Row>,
    origin: Origin,
    decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
  ): Promise<Answer> {
    let messages: readonly OutboxMessage[] = [];
    const answer = await this.#store.commit(table, origin, (rows, tx) => {
      const decision = decide(rows, tx);
      messages = decision.messages;
      this.#hooks.decided(messages);
      return decision;
    });
    this.#hooks.committed(messages);
    return answer;
  }
}
