import { describe, expect, it } from '@jest/globals';
import { parseJsonObject } from './json.ts';

describe('the object that a text is the JSON of', () => {
  it('is there for an object and for nothing else', () => {
    expect(parseJsonObject('{"a":[1]}')).toEqual({ a: [1] });
    for (const text of ['', '{', '{}x', '[]', 'null', '"a"', '1']) expect(parseJsonObject(text)).toBeNull();
  });
});
