import { describe, expect, it } from '@jest/globals';
import type { Fault, JsonObject } from '#libs/kernel';
import { Fields, isId } from './fields.ts';

function faultsOf(object: JsonObject, read: (fields: Fields) => unknown): readonly Fault[] {
  const faults: Fault[] = [];
  read(Fields.of(object, '/a', faults));
  return faults;
}

describe('an id', () => {
  it.each(['x', 'Zoë 😀', ' ', '\u0080', 'x'.repeat(256)])('may be %j', (text) => {
    expect(isId(text)).toBe(true);
  });

  it.each(['', 'x'.repeat(257), 'a\u0000', 'a\tb', '\u007f', '\ud800'])('may not be %j', (text) => {
    expect(isId(text)).toBe(false);
  });
});

describe('reading fields', () => {
  it('takes no list for the text in it', () => {
    const detail = 'must be an RFC 3339 instant such as 2026-01-31T12:00:00.000Z';
    expect(faultsOf({ at: ['2026-01-31T12:00:00.000Z'] }, (fields) => fields.instant('at'))).toEqual([
      { pointer: '/a/at', detail },
    ]);
  });

  it('says of what is no id that, and not that it is there twice', () => {
    expect(faultsOf({ ids: [5, 5, 'x', 'x'] }, (fields) => fields.ids('ids'))).toEqual([
      { pointer: '/a/ids/0', detail: 'must be a text' },
      { pointer: '/a/ids/1', detail: 'must be a text' },
      { pointer: '/a/ids/3', detail: 'x is there twice' },
    ]);
  });
});
