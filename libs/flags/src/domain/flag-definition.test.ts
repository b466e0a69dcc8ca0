import { describe, expect, it } from '@jest/globals';
import { type Fault, type JsonObject, type JsonValue, parseJson } from '#libs/kernel';
import { PLAIN } from '../testing/samples.ts';
import { isFlagKey, parseDefinition } from './flag-definition.ts';

const GATED = { ...PLAIN, sensitive_flag: true, approval_matrix_row: 'row' };

function faultsOf(value: JsonValue, key = 'ff.a'): readonly Fault[] {
  const faults: Fault[] = [];
  const definition = parseDefinition(key, value, '/flags/ff.a', faults);
  expect(definition === null).toBe(faults.length > 0);
  return faults;
}

const pointersOf = (value: JsonValue, key?: string): readonly string[] =>
  faultsOf(value, key).map(({ pointer }) => pointer);

describe('a flag definition', () => {
  it('is read with every member, those left out as null or their default', () => {
    const faults: Fault[] = [];
    expect(parseDefinition('ff.a', PLAIN, '', faults)).toEqual({
      key: 'ff.a',
      ...PLAIN,
      targeting: null,
      metadata: null,
      sensitive_flag: false,
      requires_approval: false,
      off_variant: null,
      approval_matrix_row: null,
      owner: null,
      description: null,
      lifecycle: 'active',
      expected_lifetime_days: null,
      surface: null,
      created_at: null,
      version: null,
    });
    expect(faults).toEqual([]);
  });

  it.each(['active', 'deprecated', 'archived'])('may be %s', (lifecycle) => {
    expect(parseDefinition('ff.a', { ...PLAIN, lifecycle }, '', [])?.lifecycle).toBe(lifecycle);
  });

  it.each<[string, JsonObject]>([
    [
      'every member',
      {
        ...GATED,
        key: 'ff.a',
        targeting: { if: [true, 'on'] },
        metadata: { team: 'x', n: 1, b: true },
        requires_approval: true,
        off_variant: 'off',
        owner: 'people',
        description: 'what for',
        lifecycle: 'deprecated',
        expected_lifetime_days: 36_525,
        surface: { runtime: 'r', current_gate: 'none' },
        created_at: '2026-01-01T00:00:00Z',
        version: 12,
      },
    ],
    ['texts', { ...PLAIN, variants: { a: 'x', b: '' }, defaultVariant: 'a' }],
    ['numbers', { ...PLAIN, variants: { a: 0, b: 1.5 }, defaultVariant: 'a' }],
    ['an owner as long as a name may be', { ...PLAIN, owner: 'x'.repeat(256) }],
    ['a variant of a name as long as that', { ...PLAIN, variants: { ['x'.repeat(256)]: true, off: false } }],
    ['objects', { ...PLAIN, variants: { a: {}, b: { deep: [1] } }, defaultVariant: 'a' }],
    [
      'a gated text flag with its off variant',
      { ...GATED, variants: { a: 'x', b: 'y' }, defaultVariant: 'a', off_variant: 'b' },
    ],
    ['a boolean flag that is always on and not gated', { ...PLAIN, variants: { on: true }, defaultVariant: 'on' }],
  ])('may have %s', (_what, value) => {
    expect(faultsOf(value)).toEqual([]);
  });

  it.each<[string, JsonValue, string]>([
    ['no object', 'on', '/flags/ff.a'],
    ['a list', [], '/flags/ff.a'],
    ['an unknown member', { ...PLAIN, gated: true }, '/flags/ff.a/gated'],
    ['another key than its place', { ...PLAIN, key: 'ff.b' }, '/flags/ff.a/key'],
    ['no state', { variants: PLAIN.variants, defaultVariant: 'on' }, '/flags/ff.a/state'],
    ['an unknown state', { ...PLAIN, state: 'enabled' }, '/flags/ff.a/state'],
    ['no variants', { ...PLAIN, variants: {} }, '/flags/ff.a/variants'],
    ['variants as a list', { ...PLAIN, variants: [true] }, '/flags/ff.a/variants'],
    ['a null variant', { ...PLAIN, variants: { on: null, off: false } }, '/flags/ff.a/variants/on'],
    ['a list as variant', { ...PLAIN, variants: { 'a/b': [], off: false } }, '/flags/ff.a/variants/a~1b'],
    ['a variant without a name', { ...PLAIN, variants: { '': true, off: false } }, '/flags/ff.a/variants/'],
    [
      'a variant with too long a name',
      { ...PLAIN, variants: { ['x'.repeat(257)]: true, off: false } },
      `/flags/ff.a/variants/${'x'.repeat(257)}`,
    ],
    [
      'a variant that names the prototype',
      { ...PLAIN, variants: parseJson('{"__proto__": true, "on": true}') },
      '/flags/ff.a/variants/__proto__',
    ],
    ['no defaultVariant', { state: 'ENABLED', variants: PLAIN.variants }, '/flags/ff.a/defaultVariant'],
    ['a defaultVariant that is no text', { ...PLAIN, defaultVariant: true }, '/flags/ff.a/defaultVariant'],
    ['targeting that is no object', { ...PLAIN, targeting: [] }, '/flags/ff.a/targeting'],
    ['"false" for false', { ...PLAIN, sensitive_flag: 'false' }, '/flags/ff.a/sensitive_flag'],
    ['an owner in a list', { ...PLAIN, owner: ['people'] }, '/flags/ff.a/owner'],
    ['an empty owner', { ...PLAIN, owner: '' }, '/flags/ff.a/owner'],
    ['a lone surrogate', { ...PLAIN, owner: '\ud800' }, '/flags/ff.a/owner'],
    ['too long a description', { ...PLAIN, description: 'x'.repeat(2_001) }, '/flags/ff.a/description'],
    ['an unknown lifecycle', { ...PLAIN, lifecycle: 'gone' }, '/flags/ff.a/lifecycle'],
    ['a lifetime of nothing', { ...PLAIN, expected_lifetime_days: 0 }, '/flags/ff.a/expected_lifetime_days'],
    ['half a day', { ...PLAIN, expected_lifetime_days: 0.5 }, '/flags/ff.a/expected_lifetime_days'],
    ['more than a century', { ...PLAIN, expected_lifetime_days: 36_526 }, '/flags/ff.a/expected_lifetime_days'],
    ['a surface without a runtime', { ...PLAIN, surface: { current_gate: 'none' } }, '/flags/ff.a/surface/runtime'],
    ['a surface with more', { ...PLAIN, surface: { runtime: 'r', current_gate: 'g', x: 1 } }, '/flags/ff.a/surface/x'],
    ['metadata of metadata', { ...PLAIN, metadata: { a: { b: 1 } } }, '/flags/ff.a/metadata/a'],
    ['metadata of nothing', { ...PLAIN, metadata: { a: null } }, '/flags/ff.a/metadata/a'],
    ['created_at on no day', { ...PLAIN, created_at: '2026-02-30T00:00:00Z' }, '/flags/ff.a/created_at'],
    [
      'variants of two types',
      { ...PLAIN, variants: { on: true, off: 'x' }, defaultVariant: 'on' },
      '/flags/ff.a/variants/off',
    ],
    ['a default that is none of the variants', { ...PLAIN, defaultVariant: 'toString' }, '/flags/ff.a/defaultVariant'],
    ['an off_variant that is none of the variants', { ...PLAIN, off_variant: 'no' }, '/flags/ff.a/off_variant'],
    [
      'an off_variant that is none of the texts',
      { ...PLAIN, variants: { a: 'x' }, defaultVariant: 'a', off_variant: 'no' },
      '/flags/ff.a/off_variant',
    ],
    ['an off_variant that is true', { ...PLAIN, off_variant: 'on' }, '/flags/ff.a/off_variant'],
    ['a gate and no row', { ...PLAIN, sensitive_flag: true }, '/flags/ff.a/approval_matrix_row'],
    ['approval required and no row', { ...PLAIN, requires_approval: true }, '/flags/ff.a/approval_matrix_row'],
    ['a gate and never false', { ...GATED, variants: { on: true }, defaultVariant: 'on' }, '/flags/ff.a/off_variant'],
    [
      'a gate on texts and no off_variant',
      { ...GATED, variants: { a: 'x' }, defaultVariant: 'a' },
      '/flags/ff.a/off_variant',
    ],
  ])('may not have %s', (_what, value, pointer) => {
    expect(pointersOf(value)).toEqual([pointer]);
  });

  it('names every fault of its shape at once, each with a word of help', () => {
    const faults = faultsOf({ state: 1, variants: 1, defaultVariant: 1, nope: 1 });
    expect(faults.map(({ pointer }) => pointer).toSorted()).toEqual(
      ['/defaultVariant', '/nope', '/state', '/variants'].map((end) => `/flags/ff.a${end}`),
    );
    expect(faults.map(({ detail }) => detail)).toEqual(
      expect.arrayContaining(['"state" must be one of ENABLED, DISABLED']),
    );
  });

  it.each([
    ['ff.example', true],
    ['Any flagd key/ü', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['', false],
    ['a\u0000b', false],
    ['a\nb', false],
    ['\ud800', false],
    ['__proto__', false],
  ])('may have the key %j: %s', (key, isOne) => {
    expect(isFlagKey(key)).toBe(isOne);
    expect(pointersOf(PLAIN, key)).toEqual(isOne ? [] : ['/flags/ff.a']);
  });
});
