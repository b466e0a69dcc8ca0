import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ISSUED_AT, SINGLE } from '../testing/samples.ts';
import { contentHash, isFor, placeKey, signedState } from './approval.ts';

describe('the hash of what is signed', () => {
  it.each([
    [ISSUED_AT, '"2026-03-01T00:00:00.000Z"'],
    [null, 'null'],
  ])('is over the canonical bytes of target, row, deadline and justification: %p', (sla_deadline, written) => {
    const text =
      `{"justification":"because","matrix_row":"row-sensitive-override","sla_deadline":${written},` +
      '"target_id":"ff.cm.advanced_policy","target_type":"feature_flag"}';
    const hash = createHash('sha256').update(text).digest('hex');
    expect(contentHash({ ...SINGLE, justification: 'because', sla_deadline })).toBe(hash);
  });
});

describe('a place', () => {
  it.each([
    [{}, true],
    [{ target_type: 'other' }, false],
    [{ target_id: 'ff.other' }, false],
    [{ matrix_row: 'row-other' }, false],
  ])('is the same in all three or another: %j', (change, isSame) => {
    const other = { ...SINGLE, ...change };
    expect([isFor(other, SINGLE), placeKey(other) === placeKey(SINGLE)]).toEqual([isSame, isSame]);
  });

  it('has a key of its own, whatever its parts hold', () => {
    const place = { target_type: 'a', target_id: 'b', matrix_row: 'c' };
    expect(placeKey({ ...place, target_id: 'b","c' })).not.toBe(placeKey({ ...place, matrix_row: 'b","c' }));
  });
});

describe('an open state', () => {
  it.each([
    [0, 1, 'pending'],
    [0, 2, 'pending'],
    [1, 1, 'signed_full'],
    [1, 2, 'signed_partial'],
    [2, 2, 'signed_full'],
    [2, 3, 'signed_partial'],
  ])('with %d of %d signatures is %s', (signatures, required, state) => {
    expect(signedState(signatures, required)).toBe(state);
  });
});
