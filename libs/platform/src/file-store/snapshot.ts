import type { Decision, JsonObject } from '#libs/kernel';
import type { StoreTransaction, Table } from './table.ts';

/** How a table is laid out in a JSON file that people read and edit. */
export interface Snapshot<Row> {
  /** The file's name in the store's folder. */
  readonly file: string;
  readonly table: Table<Row>;
  keyOf(row: Row): string;
  /** The version that the row carries. */
  versionOf(row: Row): number;
  /**
   * The document's own members and, in arrays, the rows, which come sorted by key.
   * The member `journal` is the store's. Hand the very row objects on where you can: their text is remembered.
   */
  toDocument(rows: readonly Row[]): Readonly<Record<string, unknown>>;
  /**
   * The rows of a document, whatever their versions. The member `journal` is taken away before.
   * @throws PttError with JSON pointers (RFC 6901) into the document, which are reported with line and column
   */
  fromDocument(document: JsonObject): readonly Row[];
  /** Reads what `adopt` has to know from elsewhere; awaited before each edit that is adopted. */
  prepare?(): Promise<void>;
  /**
   * What somebody else's edit amounts to, as an ordinary decision: a new version for each row that differs
   * (versions in the file count for nothing), a tombstone for each one that is gone, nothing for the others.
   * @param found what the file holds, with changes that the file did not know of already laid over it
   * @throws PttError when the edit is not allowed; the file is then set aside
   */
  adopt(current: ReadonlyMap<string, Row>, found: readonly Row[], tx: StoreTransaction): Decision<Row, null>;
}
