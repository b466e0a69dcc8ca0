import { LIMITS, PttError } from '#libs/kernel';

/** A page of a list, and where the next one begins; null on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

/** Which page: those after a cursor that an earlier page gave out, from the start when it is null. */
export interface PageRequest {
  readonly cursor: string | null;
  readonly limit: number | null;
}

/**
 * A page of items in the order of their keys. The cursor is the last key, so that a list that changes meanwhile
 * neither repeats nor skips what stays.
 * @throws PttError invalid_cursor, invalid_field
 */
export function pageOf<Item>(sorted: readonly Item[], keyOf: (item: Item) => string, request: PageRequest): Page<Item> {
  const limit = request.limit ?? LIMITS.pageSize;
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMITS.pageSizeMax) {
    throw new PttError('invalid_field', {
      detail: `"limit" must be a whole number from 1 to ${LIMITS.pageSizeMax}.`,
      pointer: '#/query/limit',
    });
  }
  const after = request.cursor === null ? null : keyOfCursor(request.cursor);
  const rest = after === null ? sorted : sorted.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: last === undefined || items.length === rest.length ? null : cursorOf(keyOf(last)) };
}

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOfCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (cursor !== '' && cursorOf(key) === cursor) return key;
  throw new PttError('invalid_cursor', {
    detail: 'The cursor is none that this list gave out; start again without one.',
    pointer: '#/query/cursor',
  });
}
