/** Rows by key, as a decision sees them: a Map, or what a store has instead. */
export interface RowsByKey<Row> {
  get(key: string): Row | undefined;
  values(): Iterable<Row>;
  readonly size: number;
}
