import { describe, expect, it } from '@jest/globals';
import { LIMITS, type JsonObject } from '#libs/kernel';
import { validators } from './generated/schemas.generated.ts';
import { validatorOf } from './validator.ts';

const evaluate = validators.evaluateRequest;

describe('a validator', () => {
  it('lets through what its schema allows', () => {
    expect(evaluate({ flag_key: 'ff.example', tenant_id: 'T-pty', context: { any: [1, { thing: null }] } })).toBe(true);
    expect(evaluate.faultsOf({ flag_key: 'ff.example' })).toEqual([]);
  });

  it('converts nothing and removes nothing', () => {
    const body = { flag_key: 'ff.example', tenant_id: 5, unknown: 'false' };
    expect(evaluate(body)).toBe(false);
    expect(body).toEqual({ flag_key: 'ff.example', tenant_id: 5, unknown: 'false' });
  });

  it('names every fault with its pointer, and what is known or allowed instead', () => {
    expect(evaluate.faultsOf({ tenant_id: 5, 'a/b~c': 1, context: [] })).toEqual([
      { pointer: '/flag_key', detail: 'is required' },
      { pointer: '/a~1b~0c', detail: 'is not known here; known are flag_key, tenant_id, user_id, context' },
      { pointer: '/tenant_id', detail: 'must be a string, is a number' },
      { pointer: '/context', detail: 'must be an object, is an array' },
    ]);
  });

  it('says what is wrong with the whole value', () => {
    expect(evaluate.faultsOf(null)).toEqual([{ pointer: '', detail: 'must be an object, is null' }]);
    expect(evaluate.faultsOf('x')).toEqual([{ pointer: '', detail: 'must be an object, is a string' }]);
  });

  it.each([
    ['empty', '', 'must not be empty'],
    ['too long', 'x'.repeat(LIMITS.flagKeyLength + 1), 'must have at most 128 characters'],
    ['too long in UTF-16 units', '😀'.repeat(LIMITS.flagKeyLength / 2 + 1), 'must have at most 128 characters'],
    ['holding U+0000', 'a\u0000b', 'must not hold control characters or broken Unicode'],
    ['broken Unicode', 'a\ud800', 'must not hold control characters or broken Unicode'],
  ])('refuses a key that is %s', (_, flag_key, detail) => {
    expect(evaluate.faultsOf({ flag_key })).toEqual([{ pointer: '/flag_key', detail }]);
  });

  it('takes a key of just the longest length, and of any script', () => {
    expect(evaluate({ flag_key: 'x'.repeat(LIMITS.flagKeyLength), user_id: '利用者-😀' })).toBe(true);
  });

  it('repeats no value in its words, since it may be a secret', () => {
    const faults = evaluate.faultsOf({ flag_key: { password: 'hunter2' }, context: 'hunter2' });
    expect(faults).toHaveLength(2);
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });

  it('names at most as many faults as an answer may carry, of however large a value', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${n}`, n]));
    expect(evaluate.faultsOf({ flag_key: 'a', ...many })).toHaveLength(LIMITS.faultsPerAnswer);
  });

  it('cuts the pointer to an endless name', () => {
    const [fault] = evaluate.faultsOf({ flag_key: 'a', ['x'.repeat(100_000)]: 1 });
    expect(fault?.pointer).toBe(`/${'x'.repeat(LIMITS.subjectIdLength)}…`);
  });
});

describe('the words for each kind of rule', () => {
  it.each<readonly [string, JsonObject, unknown, string]>([
    ['enum', { enum: ['a', 'b', 1] }, 'c', 'must be one of a, b, 1'],
    ['const', { const: 1 }, 2, 'must be 1'],
    ['types', { type: ['integer', 'null'] }, 'x', 'must be a whole number or null, is a string'],
    ['minimum', { type: 'integer', minimum: 1 }, 0, 'must be at least 1'],
    ['maximum', { type: 'integer', maximum: 1 }, 2, 'must be at most 1'],
    ['minItems', { type: 'array', minItems: 1 }, [], 'must have at least 1 items'],
    ['maxItems', { type: 'array', maxItems: 1 }, [1, 2], 'must have at most 1 items'],
    ['uniqueItems', { type: 'array', uniqueItems: true }, [1, 2, 1], 'holds the same item twice, at 2 and 0'],
    ['minProperties', { type: 'object', minProperties: 1 }, {}, 'must have at least 1 members'],
    ['maxProperties', { type: 'object', maxProperties: 0 }, { a: 1 }, 'must have at most 0 members'],
    ['pattern', { type: 'string', pattern: '^a$', description: 'The letter.' }, 'b', 'must match ^a$: The letter.'],
    ['pattern without words', { type: 'string', pattern: '^a$' }, 'b', 'must match ^a$'],
    [
      'format',
      { type: 'string', format: 'date-time' },
      'now',
      'must be an RFC 3339 instant such as 2026-11-22T21:06:38.000Z',
    ],
    [
      'choice of types',
      { anyOf: [{ type: 'boolean' }, { type: 'string' }] },
      null,
      'must be a boolean or a string, is null',
    ],
    ['anything else', { type: 'number', multipleOf: 2 }, 3, 'must be multiple of 2'],
  ])('%s', (_, schema, value, detail) => {
    expect(validatorOf(schema).faultsOf(value)).toEqual([{ pointer: '', detail }]);
  });

  it('a member without any known beside it', () => {
    const schema = { type: 'object', additionalProperties: false };
    expect(validatorOf(schema).faultsOf({ a: 1 })).toEqual([
      { pointer: '/a', detail: 'is not known here; known are none' },
    ]);
  });
});

describe('a choice of shapes', () => {
  const check = validators.sensitiveCheckRequest;

  it('takes each of them', () => {
    const one = { target_type: 'feature_flag', target_id: 'ff.example', matrix_row: 'row' };
    expect(check.faultsOf(one)).toEqual([]);
    expect(check.faultsOf({ checks: [one, one] })).toEqual([]);
  });

  it('speaks only of the one that was meant', () => {
    expect(check.faultsOf({ target_type: 'a', target_id: '' })).toEqual([
      { pointer: '/matrix_row', detail: 'is required' },
      { pointer: '/target_id', detail: 'must not be empty' },
    ]);
    expect(check.faultsOf({ checks: [{ target_type: 'a', target_id: '' }], more: 1 })).toEqual([
      { pointer: '/more', detail: 'is not known here; known are checks' },
      { pointer: '/checks/0/matrix_row', detail: 'is required' },
      { pointer: '/checks/0/target_id', detail: 'must not be empty' },
    ]);
  });

  it('says its types where none was meant', () => {
    expect(check.faultsOf([])).toEqual([{ pointer: '', detail: 'must be an object, is an array' }]);
  });

  it('inside a list speaks of the item at fault, and of what else is wrong', () => {
    const flags = { a: { state: 'on', variants: { on: null, off: 1 }, defaultVariant: 'on' }, '': {} };
    expect(validators.registry.faultsOf({ flags })).toEqual([
      { pointer: '/flags/', detail: 'a name here must not be empty' },
      { pointer: '/flags/a/state', detail: 'must be one of ENABLED, DISABLED' },
      { pointer: '/flags/a/variants/on', detail: 'must be a boolean or a string or a number or an object, is null' },
      { pointer: '/flags//state', detail: 'is required' },
      { pointer: '/flags//variants', detail: 'is required' },
      { pointer: '/flags//defaultVariant', detail: 'is required' },
    ]);
  });

  it('of members names the sets of which exactly one is to be there', () => {
    const row = { subject_id: 'T-pty', flag_key: 'ff.example', reason: 'pilot' };
    const faultsOf = (override: JsonObject) =>
      validators.overrideExamples.faultsOf({ tenant_overrides: [override], user_overrides: [] });
    const fault = { pointer: '/tenant_overrides/0', detail: 'must have exactly one of: value; variant' };
    expect(faultsOf(row)).toEqual([fault]);
    expect(faultsOf({ ...row, value: true, variant: 'on' })).toEqual([fault]);
    expect(faultsOf({ ...row, variant: 'on' })).toEqual([]);
  });
});
