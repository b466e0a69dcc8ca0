import { describe, expect, it } from '@jest/globals';
import { assert, integer, nat, property, string, uniqueArray } from 'fast-check';
import { decodeCursor, encodeCursor, pageOf } from './paging.ts';

const keys = uniqueArray(string({ maxLength: 6 }), { maxLength: 60 }).map((unsorted) => unsorted.toSorted());
const same = (key: string): string => key;

function walk(
  rows: readonly string[],
  limit: number,
  between: (page: number) => readonly string[] = () => rows,
): string[] {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page <= rows.length + 1; page += 1) {
    const { items, nextCursor } = pageOf({ list: 'flags', rows: between(page), keyOf: same, cursor, limit });
    seen.push(...items);
    if (nextCursor === null) return seen;
    cursor = nextCursor;
  }
  throw new Error('the pages do not end');
}

describe('the pages of a list', () => {
  it('hold every row once and in order', () => {
    assert(property(keys, integer({ min: 1, max: 20 }), (rows, limit) => expect(walk(rows, limit)).toEqual(rows)));
  });

  it('repeat and hide nothing when another row goes while they are read', () => {
    assert(
      property(keys, integer({ min: 1, max: 5 }), nat(), (rows, limit, pick) => {
        const gone = rows[pick % Math.max(1, rows.length)];
        const seen = walk(rows, limit, (page) => (page === 0 ? rows : rows.filter((row) => row !== gone)));
        expect(seen.filter((row) => row !== gone)).toEqual(rows.filter((row) => row !== gone));
        expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });

  it('have 100 rows when not told otherwise, and no cursor on the last', () => {
    const rows = Array.from({ length: 101 }, (_, at) => String(at).padStart(3, '0'));
    const first = pageOf({ list: 'flags', rows, keyOf: same, cursor: undefined, limit: undefined });
    expect(first.items).toHaveLength(100);
    const second = pageOf({ list: 'flags', rows, keyOf: same, cursor: first.nextCursor ?? '', limit: undefined });
    expect(second).toEqual({ items: ['100'], nextCursor: null });
    expect(
      pageOf({ list: 'flags', rows: rows.slice(0, 100), keyOf: same, cursor: undefined, limit: 100 }).nextCursor,
    ).toBeNull();
  });

  it.each([0, -1, 1.5, 501, Number.NaN])('are never of %d rows', (limit) => {
    expect(() => pageOf({ list: 'flags', rows: ['a'], keyOf: same, cursor: undefined, limit })).toThrow(
      expect.objectContaining({ code: 'invalid_field', pointer: '#/query/limit' }),
    );
  });

  it('may be of 500', () => {
    expect(pageOf({ list: 'flags', rows: ['a'], keyOf: same, cursor: undefined, limit: 500 }).items).toEqual(['a']);
  });
});

describe('a cursor', () => {
  const invalid = expect.objectContaining({ code: 'invalid_cursor', pointer: '#/query/cursor' });

  it('is read as it was made', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 128 }), (key) =>
        expect(decodeCursor('flags', encodeCursor('flags', key))).toBe(key),
      ),
    );
  });

  it('of one list is none of another', () => {
    expect(() => decodeCursor('approvals', encodeCursor('flags', 'a'))).toThrow(invalid);
  });

  it.each([
    '',
    'a',
    '====',
    '../..',
    `${encodeCursor('flags', 'a')}=`,
    ` ${encodeCursor('flags', 'a')}`,
    'A'.repeat(3_000),
    Buffer.from('flags').toString('base64url'),
  ])('is not %j', (cursor) => {
    expect(() => decodeCursor('flags', cursor)).toThrow(invalid);
  });

  it('is nothing that encodeCursor would not make', () => {
    assert(
      property(string(), (text) => {
        const read = (): string => decodeCursor('flags', text);
        let key: string | null = null;
        try {
          key = read();
        } catch {
          key = null;
        }
        expect(key === null || encodeCursor('flags', key) === text).toBe(true);
      }),
    );
  });
});
