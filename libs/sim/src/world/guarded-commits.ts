import type { Decision, Origin } from '#libs/kernel';
import type { PendingRows, StoreCommits, StoreTransaction, Table } from '#libs/platform';
import type { Life } from '../time/life.ts';
import type { Parts } from './parts.ts';

/** A store's commits as a replica sees them: whoever is dead by then goes on with nothing. */
export class GuardedCommits implements StoreCommits {
  constructor(
    private readonly below: StoreCommits,
    private readonly life: Life,
    private readonly guard: Parts['guard'],
  ) {}

  commit<Row, Answer>(
    table: Table<Row>,
    origin: Origin,
    decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
  ): Promise<Answer> {
    return this.guard(this.life, this.below.commit(table, origin, decide));
  }
}
