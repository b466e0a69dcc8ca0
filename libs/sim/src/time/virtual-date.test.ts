import { describe, expect, it } from '@jest/globals';
import { takeDate } from './virtual-date.ts';

const AT = Date.UTC(2026, 0, 1, 12);

describe('Date while a world runs', () => {
  it('is the world’s time for whoever asks for now, and what it was for all else', () => {
    const before = new Date(0);
    let now = AT + 0.7;
    const restore = takeDate(() => now);
    try {
      expect([Date.now(), new Date().getTime()]).toEqual([AT, AT]);
      expect(Date()).toContain('Jan 01 2026');
      now += 1_000;
      expect(Date.now()).toBe(AT + 1_000);
      expect(new Date('2027-01-31T00:00:00Z').toISOString()).toBe('2027-01-31T00:00:00.000Z');
      expect(Date.parse('1970-01-01T00:00:01Z')).toBe(1_000);
      expect([before instanceof Date, new Date() instanceof Date]).toEqual([true, true]);
      class Later extends Date {}
      expect(new Later(5)).toBeInstanceOf(Later);
    } finally {
      restore();
    }
    expect(Date.now()).toBeGreaterThan(AT + 2_000);
  });

  it('belongs to one world at a time', () => {
    const restore = takeDate(() => AT);
    expect(() => takeDate(() => AT)).toThrow('one world runs at a time');
    restore();
    takeDate(() => AT)();
  });
});
