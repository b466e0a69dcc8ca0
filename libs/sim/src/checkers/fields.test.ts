import { describe, expect, it } from '@jest/globals';
import { isSameJson } from './fields.ts';

const ROW = { a: 1, b: [true, { c: null }] };

describe('rows that are compared', () => {
  it('are the same in any order of their members', () => {
    expect(isSameJson(ROW, { b: [true, { c: null }], a: 1 })).toBe(true);
  });

  it.each([
    ['another value', { a: 2, b: ROW.b }],
    ['one less', { a: 1 }],
    ['one more', { ...ROW, d: null }],
    ['another name', { a: 1, d: ROW.b }],
    ['another value deep in it', { a: 1, b: [true, { c: 0 }] }],
    ['a shorter list', { a: 1, b: [true] }],
    ['an object for a list', { a: 1, b: { 0: true, 1: { c: null } } }],
    ['nothing', null],
  ])('are not with %s', (_what, other) => {
    expect([isSameJson(ROW, other), isSameJson(other, ROW)]).toEqual([false, false]);
  });
});
