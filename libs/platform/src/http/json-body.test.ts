import { describe, expect, it } from '@jest/globals';
import { assert, constantFrom, integer, json, jsonValue, property, string, tuple, uint8Array } from 'fast-check';
import { LIMITS, PttError } from '#libs/kernel';
import { parseJsonBody } from './json-body.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

/** The code of the refusal, or `taken`. */
function outcomeOf(body: Uint8Array): string {
  try {
    parseJsonBody(body);
    return 'taken';
  } catch (error) {
    if (error instanceof PttError) return error.code;
    throw error;
  }
}

function refusalOf(text: string): PttError {
  try {
    parseJsonBody(bytes(text));
  } catch (error) {
    if (error instanceof PttError) return error;
  }
  throw new Error(`taken: ${text}`);
}

const nested = (depth: number): string =>
  '[{"a":'.repeat(Math.floor(depth / 2)).padEnd(0) +
  (depth % 2 === 1 ? '[]' : '1') +
  '}]'.repeat(Math.floor(depth / 2));

describe('a JSON body', () => {
  it('is what JSON.parse makes of it', () => {
    // Names that a body may not have come up at times; what becomes of them is a test of its own.
    const allowed = json({ maxDepth: 6 }).filter((text) => !/"(?:__proto__|constructor|prototype)"/.test(text));
    assert(
      property(allowed, (text) => {
        expect(parseJsonBody(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is undefined for no bytes', () => {
    expect(parseJsonBody(new Uint8Array())).toBeUndefined();
  });

  it('is read from its own part of a shared buffer', () => {
    const shared = bytes('xx{"a":1}yy');
    expect(parseJsonBody(shared.subarray(2, 9))).toEqual({ a: 1 });
  });

  it('is refused with a code, whatever the bytes are', () => {
    assert(
      property(uint8Array({ maxLength: 40 }), (any) => {
        expect(['taken', 'malformed_json', 'invalid_encoding', 'body_too_deep', 'invalid_field']).toContain(
          outcomeOf(any),
        );
      }),
    );
  });

  it('is refused exactly where a fatal decoder refuses its bytes', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const isText = (any: Uint8Array): boolean => {
      try {
        decoder.decode(any);
        return true;
      } catch {
        return false;
      }
    };
    assert(
      property(uint8Array({ minLength: 1, maxLength: 12 }), (any) => {
        expect(outcomeOf(any) === 'invalid_encoding').toBe(!isText(any));
      }),
    );
  });

  it('may be 16 levels deep and no deeper', () => {
    assert(
      property(integer({ min: 0, max: 40 }), (depth) => {
        const expected = depth > LIMITS.jsonDepth ? 'body_too_deep' : 'taken';
        expect(outcomeOf(bytes(nested(depth)))).toBe(expected);
      }),
    );
  });

  it('is as deep as its brackets, not those inside its texts', () => {
    assert(
      property(string({ unit: constantFrom('[', '{', '"', '\\', 'a'), maxLength: 60 }), (text) => {
        expect(parseJsonBody(bytes(JSON.stringify({ [text]: text })))).toEqual({ [text]: text });
      }),
    );
  });

  it('may have any number of brackets side by side', () => {
    expect(parseJsonBody(bytes(`[${'[],{},'.repeat(1_000)}1]`))).toHaveLength(2_001);
  });

  it.each([
    [1, 8, '{"a":1,}'],
    [2, 8, '{\n  "a": tru\n}'],
    [2, 2, '[1,\n2'],
    [1, 1, '\ufeff{}'],
    [1, 4, '{} x'],
    [1, 1, '"a\tb"'],
    [1, 1, `"\n${'['.repeat(500_000)}`],
  ])('that is none breaks at line %d, column %d', (line, column, text) => {
    expect(refusalOf(text)).toMatchObject({ code: 'malformed_json', pointer: '#', extensions: { line, column } });
  });

  it('never holds a key that reaches for a prototype, however it is spelt', () => {
    const spelt = (key: string, escaped: readonly boolean[]): string =>
      Array.from(key)
        .map((letter, at) =>
          escaped[at % escaped.length] === true ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
        )
        .join('');
    assert(
      property(
        constantFrom('__proto__', 'constructor', 'prototype'),
        tuple(constantFrom(true, false), constantFrom(true, false), constantFrom(true, false)),
        (key, escaped) => {
          const error = refusalOf(`{"a":[0,{"${spelt(key, escaped)}":1}]}`);
          expect(error).toMatchObject({ code: 'invalid_field', pointer: `#/a/1/${key}` });
        },
      ),
    );
  });

  it('may speak of prototypes in its texts', () => {
    expect(parseJsonBody(bytes('{"a":"__proto__ constructor prototype"}'))).toEqual({
      a: '__proto__ constructor prototype',
    });
  });

  it.each([
    ['{"a":{"b":["x","\\u0000"]}}', '#/a/b/1'],
    ['{"a\\u0000":1}', '#/a\0'],
    ['["\\ud83d"]', '#/0'],
    ['["\\ude00\\ud83d"]', '#/0'],
    ['{"\\ud83d":1}', '#/\ud83d'],
    ['[1e309]', '#/0'],
    ['[-1E+999]', '#/0'],
    [`[1${'0'.repeat(309)}]`, '#/0'],
    ['[12345e305]', '#/0'],
    ['{"b":"\\u0000","a":"\\u0000"}', '#/b'],
  ])('is refused for what has no canonical form: %s', (text, pointer) => {
    expect(refusalOf(text)).toMatchObject({ code: 'invalid_field', pointer });
  });

  it.each(['["\\u00e9"]', '["\\ud83d\\ude00"]', '[1e308]', '[1e-999]', '["1e999"]', `["${'1'.repeat(400)}"]`])(
    'is taken with what only looks like it: %s',
    (text) => {
      expect(parseJsonBody(bytes(text))).toEqual(JSON.parse(text));
    },
  );

  it('holds only what it says, and prototypes stay as they were', () => {
    assert(
      property(jsonValue(), (value) => {
        const before = Reflect.ownKeys(Object.prototype).length;
        outcomeOf(bytes(JSON.stringify({ value, __proto__x: value })));
        expect(Reflect.ownKeys(Object.prototype)).toHaveLength(before);
      }),
    );
  });
});
