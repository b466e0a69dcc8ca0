import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LONGEST_DURATION_MS, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['P1W', 604_800_000],
    ['P1D', 86_400_000],
    ['PT1H', 3_600_000],
    ['PT1M', 60_000],
    ['PT1S', 1_000],
    ['PT0S', 0],
    ['P2W3DT4H5M6S', 2 * 604_800_000 + 3 * 86_400_000 + 4 * 3_600_000 + 5 * 60_000 + 6_000],
    ['P36525D', 36_525 * 86_400_000],
  ])('%s has %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'P1Y',
    'P1M',
    'P1M1D',
    '1D',
    'p1d',
    'P-1D',
    '-P1D',
    'P1.5D',
    'PT1.5S',
    'P1H',
    'PT1D',
    'P1D1W',
    'PT1S1M',
    ' P1D',
    'P1D ',
    'P1D\n',
    'P1234567D',
    'P36525DT1S',
    'PxD',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('is the sum of its parts', () => {
    const part = fc.nat({ max: 999 });
    fc.assert(
      fc.property(part, part, part, part, part, (w, d, h, m, s) => {
        const seconds = (((w * 7 + d) * 24 + h) * 60 + m) * 60 + s;
        expect(parseDuration(`P${w}W${d}DT${h}H${m}M${s}S`)).toBe(seconds * 1_000);
      }),
    );
  });

  it('is at most a century long', () => {
    expect(LONGEST_DURATION_MS).toBe(3_155_760_000_000);
  });
});
