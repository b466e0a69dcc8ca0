import { describe, expect, it } from '@jest/globals';
import { assert, maxSafeNat, property } from 'fast-check';
import { formatETag, parseIfMatch } from './if-match.ts';

describe('If-Match', () => {
  it('is the version that an ETag gave out', () => {
    assert(property(maxSafeNat(), (version) => expect(parseIfMatch(formatETag(version))).toBe(version)));
  });

  it('is no condition when it is not sent', () => {
    expect(parseIfMatch(undefined)).toBeNull();
  });

  it.each([
    '*',
    '7',
    'W/"7"',
    '"7", "8"',
    '""',
    '"a"',
    '"-1"',
    '"1.0"',
    '"07"',
    '"7',
    "'7'",
    '"9007199254740992"',
    '"99999999999999999"',
    '',
  ])('is not %j', (header) => {
    expect(() => parseIfMatch(header)).toThrow(
      expect.objectContaining({ code: 'invalid_if_match', pointer: '#/header/If-Match' }),
    );
  });
});
