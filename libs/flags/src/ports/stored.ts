/** A row, or that there is none, with the version of that: of the row's last change, of its tombstone, or 0. */
export interface Stored<T> {
  readonly value: T | null;
  readonly version: number;
}

/** Of what there never was. */
export const NEVER_THERE: Stored<never> = { value: null, version: 0 };
