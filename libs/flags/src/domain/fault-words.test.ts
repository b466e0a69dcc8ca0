import { describe, expect, it } from '@jest/globals';
import { type JsonObject, type JsonValue, PttError } from '#libs/kernel';
import { PLAIN } from '../testing/samples.ts';
import { below } from './fields.ts';
import { parseOverrides } from './override-document.ts';
import { parseRegistry } from './registry-document.ts';

/** What was said of a document, a line for each fault. */
function saidOf(parse: () => unknown): readonly string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (!(error instanceof PttError)) throw error;
    return error.faults.map(({ pointer, detail }) => `${pointer} ${detail}`);
  }
}

describe('what is said of a flag that does not hold', () => {
  const gated = { ...PLAIN, sensitive_flag: true, approval_matrix_row: 'row' };
  const texts = { ...PLAIN, variants: { a: 'x', b: 'y' }, defaultVariant: 'a' };

  it.each<[string, JsonValue]>([
    [' a flag definition must be an object', 'on'],
    ['/key "key" must be "ff.a", as its place says', { ...PLAIN, key: 'ff.b' }],
    ['/gated "gated" is not known here; remove it', { ...PLAIN, gated: true }],
    ['/state "state" must be one of ENABLED, DISABLED', { ...PLAIN, state: 'on' }],
    ['/lifecycle "lifecycle" must be one of active, deprecated, archived', { ...PLAIN, lifecycle: 'gone' }],
    ['/defaultVariant "defaultVariant" is required', { ...PLAIN, defaultVariant: null }],
    ['/owner "owner" must be a text of 1 to 256 characters', { ...PLAIN, owner: '' }],
    ['/description "description" must be a text of 1 to 2000 characters', { ...PLAIN, description: 1 }],
    ['/sensitive_flag "sensitive_flag" must be true or false', { ...PLAIN, sensitive_flag: 'no' }],
    [
      '/expected_lifetime_days "expected_lifetime_days" must be a whole number from 1 to 36525',
      { ...PLAIN, expected_lifetime_days: 0 },
    ],
    ['/targeting "targeting" must be an object', { ...PLAIN, targeting: [] }],
    ['/metadata/a metadata is a text, number or boolean', { ...PLAIN, metadata: { a: [] } }],
    ['/created_at "created_at" must be an RFC 3339 date-time', { ...PLAIN, created_at: 'today' }],
    ['/variants a flag needs at least one variant: {"on": true, "off": false}', { ...PLAIN, variants: {} }],
    ["/variants/ a variant's name has 1 to 256 characters", { ...PLAIN, variants: { '': true, off: false } }],
    [
      '/variants/on a variant is a boolean, a text, a number or an object',
      { ...PLAIN, variants: { on: null, off: false } },
    ],
    [
      '/variants/off the variants must be of one type: "on" is a boolean, "off" a string',
      { ...PLAIN, variants: { on: true, off: 'x' }, defaultVariant: 'on' },
    ],
    ['/defaultVariant "gone" is none of the variants', { ...PLAIN, defaultVariant: 'gone' }],
    ['/off_variant "gone" is none of the variants', { ...PLAIN, off_variant: 'gone' }],
    ['/off_variant "on" must be the variant that is false', { ...PLAIN, off_variant: 'on' }],
    [
      '/off_variant a gated flag needs a variant that is false, which a denied gate answers',
      { ...gated, variants: { on: true }, defaultVariant: 'on' },
    ],
    [
      '/off_variant a gated flag needs an off_variant, which a denied gate answers',
      { ...texts, sensitive_flag: true, approval_matrix_row: 'row' },
    ],
    [
      '/approval_matrix_row a gated flag needs an approval_matrix_row, which says who must sign',
      { ...gated, approval_matrix_row: null },
    ],
  ])('%s', (line, definition) => {
    const said = saidOf(() => parseRegistry({ flags: { 'ff.a': definition } }));
    expect(said.map((one) => one.replace('/flags/ff.a', ''))).toEqual([line]);
  });

  it('names the key that is none, and asks a flag of two types for its off variant', () => {
    expect(saidOf(() => parseRegistry({ flags: { '': PLAIN } }))).toEqual([
      '/flags/ a flag key has 1 to 128 printable characters',
    ]);
    const mixed = { ...gated, variants: { on: true, off: 'x' }, defaultVariant: 'on' };
    expect(saidOf(() => parseRegistry({ flags: { 'ff.a': mixed } }))).toEqual([
      '/flags/ff.a/variants/off the variants must be of one type: "on" is a boolean, "off" a string',
      '/flags/ff.a/off_variant a gated flag needs an off_variant, which a denied gate answers',
    ]);
  });
});

describe('what is said of a document that does not hold', () => {
  it.each<[string, JsonValue]>([
    [' a registry is an object: {"flags": {…}}', []],
    ['/flags "flags" must be an object of definitions by flag key', {}],
  ])('%s', (line, document) => {
    expect(saidOf(() => parseRegistry(document))).toEqual([line]);
  });

  it.each<[string, JsonValue]>([
    [' overrides are an object: {"tenant_overrides": […], "user_overrides": […]}', []],
    ['/user_overrides "user_overrides" must be an array', { user_overrides: {} }],
    ['/user_overrides/0 an override must be an object', { user_overrides: [1] }],
  ])('%s', (line, document) => {
    expect(saidOf(() => parseOverrides(document))).toEqual([line]);
  });

  const row = { subject_id: 'T-1', flag_key: 'ff.a', reason: 'a trial' };

  it.each<[string, readonly JsonObject[]]>([
    [
      '/1 there is an earlier override of this flag for this subject',
      [
        { ...row, variant: 'on' },
        { ...row, variant: 'off' },
      ],
    ],
    ['/0/expires_at "expires_at" must be an RFC 3339 date-time', [{ ...row, variant: 'on', expires_at: 'soon' }]],
    ['/0/value an override states either a value or a variant', [row]],
    ['/0/value "value" must be a boolean, a text, a number or an object', [{ ...row, value: [] }]],
  ])('%s', (line, rows) => {
    expect(saidOf(() => parseOverrides({ tenant_overrides: rows }))).toEqual([`/tenant_overrides${line}`]);
  });

  it('points at members of any name', () => {
    expect(below('/a', 'b~c/d')).toBe('/a/b~0c~1d');
    expect(below('', 3)).toBe('/3');
  });
});
