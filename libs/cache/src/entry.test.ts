import { describe, expect, it } from '@jest/globals';
import { type Codec, readEntry, writeEntry } from './entry.ts';

/** Reads whatever it is given, and has no words for nothing. */
const lenient: Codec<string> = {
  write: (value) => `<${value.length}>`,
  read: (json) => `read ${JSON.stringify(json)}`,
};

describe('an entry of the shared tier', () => {
  it('tells a value by its codec, and none by itself', () => {
    expect(writeEntry('k', { value: 'abc', version: 7 }, lenient)).toBe(
      '{"schema":2,"key":"k","version":7,"value":"<3>"}',
    );
    expect(writeEntry('k', { value: null, version: 9 }, lenient)).toBe(
      '{"schema":2,"key":"k","version":9,"value":null}',
    );
  });

  it('is read by its codec, but for what has no value', () => {
    expect(readEntry('k', '{"schema":2,"key":"k","version":7,"value":"<3>"}', lenient)).toEqual({
      version: 7,
      value: 'read "<3>"',
    });
    expect(readEntry('k', '{"schema":2,"key":"k","version":9,"value":null}', lenient)).toEqual({
      version: 9,
      value: null,
    });
    expect(readEntry('k', '{"schema":2,"key":"k","version":9}', lenient)).toBeNull();
  });
});
