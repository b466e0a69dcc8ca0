import { describe, expect, it } from '@jest/globals';
import { gatedFlag, sampleFlag } from '../testing/samples.ts';
import { refuseUnknownRows, unknownRows } from './unknown-rows.ts';

const KNOWN = new Set(['row-sensitive-override']);
const FLAGS = [
  gatedFlag({ key: 'ff.known' }),
  gatedFlag({ key: 'ff.a/b', approval_matrix_row: 'row-x' }),
  gatedFlag({ key: 'ff.rowless', approval_matrix_row: null }),
  sampleFlag({ key: 'ff.free', approval_matrix_row: 'row-x' }),
  gatedFlag({ key: 'ff.last', approval_matrix_row: 'row-y' }),
];

describe('rows that Admin does not have', () => {
  it('are told of for each gated flag under one, and for no other', () => {
    expect(unknownRows(FLAGS, KNOWN)).toEqual([
      { pointer: '/flags/ff.a~1b/approval_matrix_row', detail: 'Admin\'s matrix has no row "row-x"' },
      { pointer: '/flags/ff.last/approval_matrix_row', detail: 'Admin\'s matrix has no row "row-y"' },
    ]);
  });

  it('are refused, with the first of them and how many there are', () => {
    expect(() => refuseUnknownRows(FLAGS, KNOWN, 'Nothing was changed.')).toThrow(
      expect.objectContaining({
        code: 'matrix_row_unknown',
        message: 'Admin\'s matrix has no row "row-x", and 2 flag(s) name such a row. Nothing was changed.',
        pointer: '/flags/ff.a~1b/approval_matrix_row',
        faults: unknownRows(FLAGS, KNOWN),
      }),
    );
  });

  it('are not refused where there are none', () => {
    expect(() => refuseUnknownRows(FLAGS, new Set(['row-sensitive-override', 'row-x', 'row-y']), '')).not.toThrow();
  });
});
