import type { JsonValue, RowChange } from '#libs/kernel';
import type { JournalLine } from './journal-line.ts';
import type { PendingRows, ReadonlyRows, Table, Tombstone } from './table.ts';

interface Waiting<Row> {
  readonly change: RowChange<Row>;
  readonly line: number;
}

/** The rows of one table: those that are safe, and over them those that wait for the disk. */
export class TableRows<Row> implements ReadonlyRows<Row> {
  readonly table: Table<Row>;
  readonly #rows = new Map<string, Row>();
  /** Of tombstones too, for good: a version is never given to a key twice. */
  readonly #versions = new Map<string, number>();
  readonly #tombstones = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting<Row>>();
  readonly #listeners = new Set<(change: RowChange<Row>, line: JournalLine) => void>();
  #sortedKeys: readonly string[] | null = null;
  /** The number of the last committed line that changed a row here. */
  lastLine = 0;

  constructor(table: Table<Row>) {
    this.table = table;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  values(): IterableIterator<Row> {
    return this.#rows.values();
  }

  versionOf(key: string): number {
    return this.#versions.get(key) ?? 0;
  }

  get size(): number {
    return this.#rows.size;
  }

  onChange(listener: (change: RowChange<Row>, line: JournalLine) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The rows as a decision sees them. */
  readonly newest: PendingRows<Row> = new NewestRows(this.#rows, this.#versions, this.#waiting);

  /** Keys and versions of what was taken away, by key. */
  tombstones(): readonly Tombstone[] {
    const tombstones = [...this.#tombstones].map(([key, version]) => ({ key, version }));
    return tombstones.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The safe rows by key, in an array of its own: what is committed later does not show in it. */
  sorted(): readonly Row[] {
    this.#sortedKeys ??= [...this.#rows.keys()].toSorted();
    const rows: Row[] = [];
    for (const key of this.#sortedKeys) {
      const row = this.#rows.get(key);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** Shows a change to later decisions. */
  stage(change: RowChange<Row>, line: number): void {
    this.#waiting.set(change.key, { change, line });
  }

  /** Takes every change back that is not safe. */
  unstage(): void {
    this.#waiting.clear();
  }

  /** Makes a change that is safe now visible to all. */
  commit({ key, version, row }: RowChange<Row>, line: number): void {
    if (this.#waiting.get(key)?.line === line) this.#waiting.delete(key);
    if (this.#rows.has(key) !== (row !== null)) this.#sortedKeys = null;
    if (row === null) {
      this.#rows.delete(key);
      this.#tombstones.set(key, version);
    } else {
      this.#rows.set(key, row);
      this.#tombstones.delete(key);
    }
    this.#versions.set(key, version);
    this.lastLine = line;
  }

  /** Tells of a committed change. @returns what listeners threw */
  announce(change: RowChange<Row>, line: JournalLine): readonly unknown[] {
    const thrown: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener(change, line);
      } catch (error) {
        thrown.push(error);
      }
    }
    return thrown;
  }

  /** Reads the row of a stored change. @throws what the table's `parse` throws */
  parse({ key, version, row }: RowChange<JsonValue>): RowChange<Row> {
    return { key, version, row: row === null ? null : this.table.parse(row) };
  }
}

class NewestRows<Row> implements PendingRows<Row> {
  readonly #rows: ReadonlyMap<string, Row>;
  readonly #versions: ReadonlyMap<string, number>;
  readonly #waiting: ReadonlyMap<string, Waiting<Row>>;

  constructor(
    rows: ReadonlyMap<string, Row>,
    versions: ReadonlyMap<string, number>,
    waiting: ReadonlyMap<string, Waiting<Row>>,
  ) {
    this.#rows = rows;
    this.#versions = versions;
    this.#waiting = waiting;
  }

  get(key: string): Row | undefined {
    const waiting = this.#waiting.get(key);
    return waiting === undefined ? this.#rows.get(key) : (waiting.change.row ?? undefined);
  }

  *values(): IterableIterator<Row> {
    for (const [key, row] of this.#rows) if (!this.#waiting.has(key)) yield row;
    for (const { change } of this.#waiting.values()) if (change.row !== null) yield change.row;
  }

  versionOf(key: string): number {
    return this.#waiting.get(key)?.change.version ?? this.#versions.get(key) ?? 0;
  }

  get size(): number {
    let size = this.#rows.size;
    for (const [key, { change }] of this.#waiting) size += Number(change.row !== null) - Number(this.#rows.has(key));
    return size;
  }
}
