import type { Decision, Origin, Transaction } from '#libs/kernel';
import type { IngestedRecord, SourceState } from '../domain/index.ts';

/** Where the records of other services' chains are kept. */
export abstract class IngestStore {
  /** Decides on the newest state of one source; of several calls at once, each sees what the one before accepted. */
  abstract append<Answer>(
    source: string,
    origin: Origin,
    decide: (state: SourceState, tx: Transaction) => Decision<IngestedRecord, Answer>,
  ): Promise<Answer>;
}
