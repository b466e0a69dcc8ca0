import type { Decision, Origin } from '#libs/kernel';
import type { PendingRows, StoreCommits, StoreTransaction, Table } from '#libs/platform';
import type { Life } from '../time/life.ts';

/** A store's commits as a replica sees them: whoever is dead by then goes on with nothing. */
export class GuardedCommits implements StoreCommits {
  constructor(
    private readonly below: StoreCommits,
    private readonly life: Life,
  ) {}

  commit<Row, Answer>(
    table: Table<Row>,
    origin: Origin,
    decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
  ): Promise<Answer> {
    return this.life.guard(this.below.commit(table, origin, decide));
  }
}
