import { describe, expect, it } from '@jest/globals';
import { type JsonValue, PttError } from '#libs/kernel';
import { matrixRowDocument, parseMatrix } from './matrix.ts';

const ROW = {
  row: 'row-sensitive-override',
  required_roles: ['product_owner'],
  use_within: 'P14D',
  warn_before: 'P1D',
  self_sign: false,
};

function faultsOf(document: JsonValue): unknown {
  try {
    parseMatrix(document);
    return 'no fault';
  } catch (error) {
    return error instanceof PttError ? [error.code, ...error.faults.map(({ pointer }) => pointer)] : error;
  }
}

describe('a matrix', () => {
  it('is its rows by name, with their lengths in milliseconds', () => {
    const matrix = parseMatrix({ rows: [ROW, { ...ROW, row: 'other', required_roles: [] }] });
    expect([...matrix.keys()]).toEqual(['row-sensitive-override', 'other']);
    expect(matrix.get('row-sensitive-override')).toEqual({
      row: 'row-sensitive-override',
      required_roles: ['product_owner'],
      use_within: 'P14D',
      warn_before: 'P1D',
      useWithinMs: 14 * 86_400_000,
      warnBeforeMs: 86_400_000,
    });
    expect(matrix.get('other')?.required_roles).toEqual([]);
  });

  it('shows a row as it was written', () => {
    expect([...parseMatrix({ rows: [ROW] }).values()].map(matrixRowDocument)).toEqual([ROW]);
  });

  it('may warn from the very deadline on, which is never', () => {
    expect(parseMatrix({ rows: [{ ...ROW, warn_before: 'PT0S' }] }).get(ROW.row)?.warnBeforeMs).toBe(0);
  });

  it.each<[string, JsonValue, readonly string[]]>([
    ['no object', [], ['', '/rows']],
    ['no rows', {}, ['/rows']],
    ['rows that are no list', { rows: {} }, ['/rows']],
    ['a row that is no object', { rows: [1] }, ['/rows/0']],
    ['a stranger beside the rows', { rows: [], more: 1 }, ['/more']],
    ['a stranger in a row', { rows: [{ ...ROW, more: 1 }] }, ['/rows/0/more']],
    ['a row with no name', { rows: [{ ...ROW, row: '' }] }, ['/rows/0/row']],
    ['a row that is there twice', { rows: [ROW, ROW] }, ['/rows/1/row']],
    [
      'a role that is there twice',
      { rows: [{ ...ROW, required_roles: ['a', 'b', 'a'] }] },
      ['/rows/0/required_roles/2'],
    ],
    ['a role that is no text', { rows: [{ ...ROW, required_roles: [1] }] }, ['/rows/0/required_roles/0']],
    ['a calendar unit', { rows: [{ ...ROW, use_within: 'P1M' }] }, ['/rows/0/use_within']],
    ['no time at all', { rows: [{ ...ROW, use_within: 'PT0S' }] }, ['/rows/0/use_within']],
    ['a warning that is no duration', { rows: [{ ...ROW, warn_before: '1 day' }] }, ['/rows/0/warn_before']],
    ['self-signing', { rows: [{ ...ROW, self_sign: true }] }, ['/rows/0/self_sign']],
    ['self-signing left open', { rows: [{ ...ROW, self_sign: null }] }, ['/rows/0/self_sign']],
  ])('with %s does not hold', (_what, document, pointers) => {
    const found = faultsOf(document);
    expect(found).toEqual(['config_invalid', ...(pointers[0] === '' ? [''] : pointers)]);
  });

  it('is told every fault at once', () => {
    expect(
      faultsOf({
        rows: [
          { ...ROW, row: 1, self_sign: 'false' },
          { ...ROW, use_within: 5 },
        ],
      }),
    ).toEqual(['config_invalid', '/rows/0/row', '/rows/0/self_sign', '/rows/1/use_within', '/rows/1/use_within']);
  });
});
