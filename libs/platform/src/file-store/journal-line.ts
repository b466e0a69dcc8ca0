import type { Envelope, Instant, OutboxMessage, RowChange } from '#libs/kernel';

/** One committed change with all that belongs to it. */
export interface JournalLine {
  /** From 1, with no gaps. */
  readonly line: number;
  readonly at: Instant;
  readonly table: string;
  /** The store's version counter after this line. */
  readonly version: number;
  /** Rows as their table has them; `rows(table).onChange` gives them with their type. */
  readonly changes: readonly RowChange<unknown>[];
  /** Chained. */
  readonly records: readonly Envelope[];
  readonly messages: readonly OutboxMessage[];
}
