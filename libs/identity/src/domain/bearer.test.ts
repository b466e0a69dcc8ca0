import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '#libs/kernel';
import { bearerToken, isTokenShaped } from './bearer.ts';

describe('the token of a header', () => {
  it.each([
    ['Bearer a.b.c', 'a.b.c'],
    ['bearer a.b.c', 'a.b.c'],
    ['BEARER   a.b.c', 'a.b.c'],
    ['Bearer x', 'x'],
    ['Bearer a b ', 'a b '],
  ])('in %j is %j', (authorization, token) => {
    expect(bearerToken(authorization)).toBe(token);
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer   ',
    'Bearera.b.c',
    'a.b.c',
    'Basic a.b.c',
    'Basic Bearer a.b.c',
    'Bearer a\nb',
  ])('is not in %j', (authorization) => {
    expect(bearerToken(authorization)).toBeNull();
  });
});

describe('the shape of a token', () => {
  it.each(['a', '0', 'AZaz09-._~+/', 'a.b.c', 'a=', 'a.b.c=='])('has %s', (text) => {
    expect(isTokenShaped(text)).toBe(true);
  });

  it.each(['', '=', '=a', 'a=b', 'a b', ' a', 'a ', 'a\n', 'a\u0000', 'é', 'a,b', 'a"'])('has not %j', (text) => {
    expect(isTokenShaped(text)).toBe(false);
  });

  it(`has what is no longer than ${LIMITS.tokenLength} characters`, () => {
    expect(isTokenShaped('a'.repeat(LIMITS.tokenLength))).toBe(true);
    expect(isTokenShaped('a'.repeat(LIMITS.tokenLength + 1))).toBe(false);
  });
});
