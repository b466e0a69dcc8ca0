import { describe, expect, it } from '@jest/globals';
import { invariant } from '#libs/kernel';
import { schemaCompiler } from './compiled-schemas.ts';
import { schemaFault } from './schema-faults.ts';

const VALUE_OR_VARIANT = {
  type: 'object',
  properties: { value: {}, variant: { type: 'string' } },
  oneOf: [{ required: ['value'] }, { required: ['variant'] }],
};

/** What the schema says of the value, as Fastify would ask. */
function faultOf(
  schema: object,
  value: unknown,
  where = 'body',
): { readonly code: string; readonly pointer: string | null; readonly detail: string } {
  const validate = schemaCompiler()(schema);
  invariant(!validate(value), 'the value does not fit');
  const { code, pointer, message } = schemaFault(validate.errors ?? [], where);
  return { code, pointer, detail: message };
}

describe('what a schema finds', () => {
  it.each<[string, object, unknown, string, string, string]>([
    [
      'an unknown member in depth',
      {
        type: 'object',
        properties: {
          a: { type: 'array', items: { type: 'object', properties: { b: {} }, additionalProperties: false } },
        },
      },
      { a: [{}, { 'c/d': 1 }] },
      'unknown_field',
      '#/a/1/c~1d',
      '"c/d" is not known here; known are "b"',
    ],
    [
      'an unevaluated member',
      { type: 'object', allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { b: 1 },
      'unknown_field',
      '#/b',
      '"b" is not known here',
    ],
    [
      'a missing member in depth',
      { type: 'object', properties: { a: { type: 'object', required: ['b'] } } },
      { a: {} },
      'missing_field',
      '#/a/b',
      '"b" is required',
    ],
    [
      'several types',
      { type: 'object', properties: { a: { type: ['string', 'null'] } } },
      { a: 1 },
      'invalid_field',
      '#/a',
      'must be string or null; nothing is converted',
    ],
    ['a value outside its set', { enum: ['a', 1] }, 'b', 'invalid_field', '#', 'must be one of "a", 1'],
    ['another constant', { const: 'a' }, 'b', 'invalid_field', '#', 'must be "a"'],
    ['a pattern', { type: 'string', pattern: '^ff' }, 'b', 'invalid_field', '#', 'must match pattern "^ff"'],
    [
      'a format',
      { type: 'string', format: 'date-time' },
      'yesterday',
      'invalid_field',
      '#',
      'must match format "date-time"',
    ],
    ['neither of two', VALUE_OR_VARIANT, {}, 'missing_field', '#', 'one of "value" or "variant" is required'],
    [
      'both of two',
      VALUE_OR_VARIANT,
      { value: 1, variant: 'a' },
      'invalid_field',
      '#',
      'fits more than one of the shapes allowed',
    ],
    [
      'no shape of several',
      { anyOf: [{ type: 'string' }, { type: 'number', minimum: 3 }] },
      2,
      'invalid_field',
      '#',
      'fits no shape allowed: must be string; or must be >= 3',
    ],
  ])('is told: %s', (_what, schema, value, code, pointer, detail) => {
    expect(faultOf(schema, value)).toEqual({ code, pointer, detail: `${pointer}: ${detail}` });
  });

  it.each<[string, unknown, string, string]>([
    ['a member too many', { a: 1, b: 2, extra: 3 }, 'unknown_field', '#/extra'],
    ['a member too few', { a: 1 }, 'missing_field', '#/b'],
    ['a member that does not fit', { a: 1, b: 'x' }, 'invalid_field', '#/b'],
    ['one in depth', { list: [{ a: 1, b: 2 }, { a: 1 }] }, 'missing_field', '#/list/1/b'],
    ['a member of both', { a: 1, b: 2, list: [] }, 'unknown_field', '#/list'],
    ['none of both', {}, 'missing_field', '#'],
    ['no body', null, 'missing_field', '#'],
    ['no object', [], 'invalid_field', '#'],
  ])('of several objects is told of the one that is nearest: %s', (_what, value, code, pointer) => {
    const number = { type: 'number' };
    const one = {
      type: 'object',
      additionalProperties: false,
      required: ['a', 'b'],
      properties: { a: number, b: number },
    };
    const list = { type: 'array', items: one };
    const many = { type: 'object', additionalProperties: false, required: ['list'], properties: { list } };
    expect(faultOf({ anyOf: [one, many] }, value)).toMatchObject({ code, pointer });
    expect(faultOf({ anyOf: [many, one] }, value)).toMatchObject({ code, pointer });
  });

  it.each([
    ['querystring', '#/query/a'],
    ['params', '#/path/a'],
    ['headers', '#/header/a'],
  ])('in the %s has its pointer there', (where, pointer) => {
    expect(faultOf({ type: 'object', required: ['a'] }, {}, where)).toMatchObject({ code: 'missing_field', pointer });
  });

  it.each([
    { type: 'object', addtionalProperties: false },
    { type: 'string', format: 'datetime' },
  ])('is nothing where the schema itself is wrong: %j', (schema) => {
    expect(() => schemaCompiler()(schema)).toThrow(/unknown/);
  });

  it('says where a list holds an item twice', () => {
    const names = { type: 'array', items: { type: 'string' }, uniqueItems: true };
    expect(faultOf(names, ['a', 'c', 'b', 'c', 'b'])).toMatchObject({
      code: 'invalid_field',
      pointer: '#',
      detail: '#: holds the same item twice, at 3 and 1',
    });
    expect(schemaCompiler()({ ...names, uniqueItems: false })(['a', 'a'])).toBe(true);
    expect(() => schemaCompiler()({ type: 'array', items: { type: 'object' }, uniqueItems: true })).toThrow(
      'only texts are told apart',
    );
  });

  it('counts lengths in UTF-16 units, as LIMITS does', () => {
    const fits = schemaCompiler()({ type: 'string', minLength: 2, maxLength: 3 });
    expect(['a', '😀', 'a😀', '😀😀'].map((text) => fits(text))).toEqual([false, true, true, false]);
  });

  it('converts nothing and drops nothing', () => {
    const value = { a: 'false', b: 1 };
    const validate = schemaCompiler()({
      type: 'object',
      properties: { a: { type: 'string', default: 'x' }, c: { default: 1 } },
    });
    expect(validate(value)).toBe(true);
    expect(value).toEqual({ a: 'false', b: 1 });
  });
});
