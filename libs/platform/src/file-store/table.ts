import type { JsonValue, RowChange, Transaction } from '#libs/kernel';
import type { JournalLine } from './journal-line.ts';

/**
 * A set of rows of one kind, each under its key. The object is its own identity: one constant per table.
 * A row is plain JSON data and is never altered, only replaced.
 */
export interface Table<Row> {
  /** In every journal line of this table, so it never changes. */
  readonly name: string;
  /** Reads a row of the journal. @throws PttError whose pointer is within the row */
  parse(value: JsonValue): Row;
}

/** What is left of a row that was taken away. */
export interface Tombstone {
  readonly key: string;
  readonly version: number;
}

/** The rows of one table, by key. */
export interface Rows<Row> {
  get(key: string): Row | undefined;
  /** In no particular order. */
  values(): IterableIterator<Row>;
  /** The version of the row's last change, or of its tombstone; 0 when there never was one. */
  versionOf(key: string): number;
  readonly size: number;
}

/** What a decision sees: the newest rows, those that wait for the disk included. Not to be kept beyond the decision. */
export type PendingRows<Row> = Rows<Row>;

/** What readers see: the rows that are safely on disk. The object stays, its content moves on. */
export interface ReadonlyRows<Row> extends Rows<Row> {
  /** What was taken away, by key (UTF-16). */
  tombstones(): readonly Tombstone[];
  /** Calls back after each committed change of a row, in line order. @returns a function that ends it */
  onChange(listener: (change: RowChange<Row>, line: JournalLine) => void): () => void;
}

/** The transaction of a decision on files: it can look at the other tables too, as new as its own. */
export interface StoreTransaction extends Transaction {
  rows<Row>(table: Table<Row>): PendingRows<Row>;
}
