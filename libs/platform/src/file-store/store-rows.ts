import { invariant } from '#libs/kernel';
import type { JournalLine } from './journal-line.ts';
import type { Table } from './table.ts';
import { TableRows } from './table-rows.ts';

/** A table is its own proof of what its rows are. */
const isOf = <Row>(rows: unknown, table: Table<Row>): rows is TableRows<Row> =>
  rows instanceof TableRows && rows.table === table;

/** All tables of a store, and who listens to its commits. */
export class StoreRows {
  readonly byName: ReadonlyMap<string, TableRows<unknown>>;
  readonly #listeners = new Set<(line: JournalLine) => void>();
  readonly #onThrown: (line: number, cause: unknown) => void;

  constructor(tables: Iterable<Table<unknown>>, onThrown: (line: number, cause: unknown) => void) {
    const byName = new Map<string, TableRows<unknown>>();
    for (const table of new Set(tables)) {
      invariant(!byName.has(table.name), `two tables are named ${table.name}`);
      invariant(/^[\w.-]+$/.test(table.name), `${table.name} is no name for a table`);
      byName.set(table.name, new TableRows(table));
    }
    this.byName = byName;
    this.#onThrown = onThrown;
  }

  of<Row>(table: Table<Row>): TableRows<Row> {
    const rows: unknown = this.byName.get(table.name);
    invariant(isOf(rows, table), `${table.name} is not a table of this store`);
    return rows;
  }

  onCommit(listener: (line: JournalLine) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Makes a line that is safe visible, and tells of it. */
  commit(line: JournalLine): void {
    const rows = this.byName.get(line.table);
    for (const change of line.changes) rows?.commit(change, line.line);
    const thrown = line.changes.flatMap((change) => rows?.announce(change, line) ?? []);
    for (const listener of this.#listeners) {
      try {
        listener(line);
      } catch (error) {
        thrown.push(error);
      }
    }
    for (const cause of thrown) this.#onThrown(line.line, cause);
  }

  /** Takes back what never became safe. */
  unstage(): void {
    for (const rows of this.byName.values()) rows.unstage();
  }
}
