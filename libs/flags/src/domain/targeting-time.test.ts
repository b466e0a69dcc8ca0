import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import { sampleFlag } from '../testing/samples.ts';
import { readsTime } from './targeting-time.ts';

const NOW = { var: '$flagd.timestamp' };

describe('a rule', () => {
  it.each<JsonObject>([
    NOW,
    { var: ['$flagd.timestamp'] },
    { val: ['$flagd', 'timestamp'] },
    { var: '$flagd' },
    // The instant as rules are given it, by its own name.
    { if: [{ '<': [{ var: '$ptt.timestamp' }, 1_800_000_000] }, 'on', 'off'] },
    { var: ['$ptt.timestamp', 0] },
    { val: ['$ptt', 'timestamp'] },
    { val: '$ptt' },
    { if: [{ '==': [{ var: 'tier' }, 'gold'] }, 'on', { '<': [NOW, 1_800_000_000] }, 'off'] },
    { '!': NOW },
    { var: ['tier', NOW] },
    // Whose names it makes up, or which mean all there is.
    { var: { cat: ['$flagd', '.timestamp'] } },
    { val: [{ cat: ['$flagd', '.timestamp'] }] },
    // From inside a list's own context back to the whole one.
    { some: [[1], { '==': [{ '%': [{ var: '../../$flagd.timestamp' }, 2] }, 0] }] },
    { some: [[1], { '==': [{ val: [[2], '$flagd', 'timestamp'] }, 0] }] },
    { var: '../tier' },
    { var: '' },
    { var: [] },
    { var: null },
    { var: 1 },
  ])('that may read the time is known: %j', (targeting) => {
    expect(readsTime(sampleFlag({ targeting }))).toBe(true);
  });

  it.each<JsonObject | null>([
    null,
    {},
    { if: [{ '==': [{ var: 'tier' }, 'gold'] }, 'on', 'off'] },
    { var: ['tier', 'none'] },
    { val: ['address', 'country'] },
    { var: 'my$flagd.timestamp' },
    { var: 'my$ptt.timestamp' },
    { '==': ['$flagd.timestamp', { var: 'text' }] },
    { if: [null, 1, true, {}] },
    {
      fractional: [
        ['on', 50],
        ['off', 50],
      ],
    },
  ])('that cannot is known as well: %j', (targeting) => {
    expect(readsTime(sampleFlag({ targeting }))).toBe(false);
  });

  it('is looked at once for each version of its flag, which is told the same again', () => {
    for (const [targeting, answer] of [[NOW, true] as const, [{ var: 'tier' }, false] as const]) {
      const flag = sampleFlag({ targeting });
      expect([readsTime(flag), readsTime(flag)]).toEqual([answer, answer]);
    }
  });
});
