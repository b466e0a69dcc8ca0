import { LIMITS, PttError } from '#libs/kernel';

/** A part of a list. */
export interface Page<Row> {
  readonly items: readonly Row[];
  /** Where the next page begins; null on the last one. */
  readonly nextCursor: string | null;
}

export interface PageRequest<Row> {
  /** The list's name; a cursor of one list is no cursor of another. */
  readonly list: string;
  /** Sorted by `keyOf`, by UTF-16 unit, each key once. */
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly cursor: string | undefined;
  /** 1 to {@link LIMITS.pageSizeMax}; {@link LIMITS.pageSize} when not given. */
  readonly limit: number | undefined;
}

/**
 * The rows behind the cursor's key. A cursor names a key and no place, so that rows which come and go
 * between two calls neither repeat nor hide others.
 *
 * @throws PttError `invalid_cursor`, or `invalid_field` for the limit
 */
export function pageOf<Row>({ list, rows, keyOf, cursor, limit = LIMITS.pageSize }: PageRequest<Row>): Page<Row> {
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMITS.pageSizeMax) {
    const detail = `limit must be a whole number from 1 to ${String(LIMITS.pageSizeMax)}`;
    throw new PttError('invalid_field', { detail, pointer: '#/query/limit' });
  }
  const start = cursor === undefined ? 0 : firstBehind(rows, keyOf, decodeCursor(list, cursor));
  const items = rows.slice(start, start + limit);
  const last = items.at(-1);
  const isLastPage = start + limit >= rows.length || last === undefined;
  return { items, nextCursor: isLastPage ? null : encodeCursor(list, keyOf(last)) };
}

/** Binary search: the first row whose key is greater. */
function firstBehind<Row>(rows: readonly Row[], keyOf: (row: Row) => string, key: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && keyOf(row) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An opaque text for "behind this key". */
export function encodeCursor(list: string, key: string): string {
  return Buffer.from(`${list}\n${key}`).toString('base64url');
}

const BASE64URL = /^[A-Za-z0-9_-]{1,2048}$/;

/** @throws PttError `invalid_cursor` for what {@link encodeCursor} would not have made for this list */
export function decodeCursor(list: string, cursor: string): string {
  const text = BASE64URL.test(cursor) ? Buffer.from(cursor, 'base64url').toString('utf8') : '';
  const key = text.startsWith(`${list}\n`) ? text.slice(list.length + 1) : null;
  if (key !== null && encodeCursor(list, key) === cursor) return key;
  const detail = 'the cursor was not given out by this list; take next_cursor as it is, or leave it out to begin again';
  throw new PttError('invalid_cursor', { detail, pointer: '#/query/cursor' });
}
