import { LIMITS, type JsonObject, type JsonValue } from '#libs/kernel';
import { asBound, at, changed, FORBIDDEN, type Rows } from './particular-rows.ts';
import { withBody, withHeader, withPath, type Base, type Row } from './rows.ts';

const contextRows: Rows = (base) => [
  changed(
    base,
    'a context of 64 KiB and more',
    { context: { a: 'x'.repeat(LIMITS.contextBytes) } },
    '400 invalid_field #/context',
  ),
  changed(
    base,
    'a context of many small members',
    { context: Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`m${n}`, n])) },
    '400 invalid_field #/context',
  ),
  {
    name: 'a context with __proto__',
    request: { ...base.request, body: '{"flag_key":"ff.example","context":{"a":{"__proto__":{"b":1}}}}' },
    expected: '400 invalid_field #/context/a/__proto__',
  },
];

const stale = (base: Base, path: string): Row => ({
  name: `a stale If-Match at ${path}`,
  request: withHeader({ ...base, request: withPath(base, path) }, 'If-Match', '"999999"'),
  expected: '412 version_mismatch #/header/If-Match',
});

const overrideBodyRows: Rows = (base) => [
  changed(base, 'value and variant', { value: true, variant: 'on' }, '400 invalid_field #/value'),
  changed(base, 'neither value nor variant', { value: undefined, variant: undefined }, '400 missing_field #/value'),
  changed(base, 'the text "false"', { value: 'false', variant: undefined }, '422 value_not_a_variant #/value'),
  changed(base, 'a number for a boolean', { value: 0, variant: undefined }, '422 value_not_a_variant #/value'),
  changed(
    base,
    'an object for a boolean',
    { value: { on: true }, variant: undefined },
    '422 value_not_a_variant #/value',
  ),
  changed(base, 'a variant that is none', { value: undefined, variant: 'maybe' }, '422 value_not_a_variant #/variant'),
  changed(
    base,
    'a variant every object has',
    { value: undefined, variant: 'toString' },
    '422 value_not_a_variant #/variant',
  ),
  changed(base, 'an end in the past', { expires_at: '2020-01-01T00:00:00Z' }, '422 expiry_in_past #/expires_at'),
];

function overrideRows(scope: 'tenant' | 'user', existing: string): Rows {
  return (base, tokens) => {
    const isPut = base.request.method === 'PUT';
    const known = `/v1/flags/override/${scope}/${existing}`;
    return [
      ...asBound(base, tokens, `#/path/${scope}_id`),
      stale(base, known),
      ...(isPut ? overrideBodyRows(base, tokens) : []),
      ...(isPut
        ? [
            at(
              base,
              'a flag that is none',
              `/v1/flags/override/${scope}/A/ff.nothing`,
              '404 flag_not_found #/path/flag_key',
            ),
            stale(base, base.request.path),
          ]
        : [stale(base, base.request.path)]),
      at(
        base,
        'a flag key of 129 characters',
        `/v1/flags/override/${scope}/A/${'f'.repeat(129)}`,
        '400 invalid_field #/path/flag_key',
      ),
    ];
  };
}

/** Registry documents that do not hold, by the pointer to their fault. */
const REGISTRIES: readonly (readonly [name: string, document: JsonValue, pointer: string])[] = [
  ['no flags', {}, '#/flags'],
  ['flags that are a list', { flags: [] }, '#/flags'],
  ['an unknown member', { ...flags({}), extra: 1 }, '#/extra'],
  ['an unknown member of a flag', flags({ sensitiv: true }), '#/flags/ff.bad/sensitiv'],
  ['"false" for false', flags({ sensitive_flag: 'false' }), '#/flags/ff.bad/sensitive_flag'],
  ['a state that is none', flags({ state: 'enabled' }), '#/flags/ff.bad/state'],
  ['a default that is no variant', flags({ defaultVariant: 'maybe' }), '#/flags/ff.bad/defaultVariant'],
  ['a default every object has', flags({ defaultVariant: 'toString' }), '#/flags/ff.bad/defaultVariant'],
  ['no variants', flags({ variants: {} }), '#/flags/ff.bad/variants'],
  ['targeting that is a text', flags({ targeting: 'on' }), '#/flags/ff.bad/targeting'],
  ['a gate without a row', flags({ requires_approval: true }), '#/flags/ff.bad/approval_matrix_row'],
  [
    'a gated text without an off variant',
    flags({ variants: { on: 'a', off: 'b' }, sensitive_flag: true, approval_matrix_row: 'row-sensitive-override' }),
    '#/flags/ff.bad/off_variant',
  ],
];

function flags(changes: JsonObject): JsonObject {
  const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
  return { flags: { 'ff.bad': { ...flag, ...changes } } };
}

const registryRows: Rows = (base) => [
  ...REGISTRIES.map(([name, document, pointer]) => ({
    name,
    request: withBody(base, document),
    expected: `422 registry_invalid ${pointer}`,
  })),
  {
    name: 'a gate with a row that Admin does not list',
    request: withBody(base, flags({ requires_approval: true, approval_matrix_row: 'row-nowhere' })),
    expected: '422 matrix_row_unknown #/flags/ff.bad/approval_matrix_row',
  },
  ...['[]', '"a"', '7', 'true'].map((body) => ({
    name: body,
    request: { ...base.request, body },
    expected: '422 registry_invalid #',
  })),
];

/** What no route of FF shares with another: the rules of its own body, tokens bound elsewhere, what is not there. */
export const FF_ROWS: Readonly<Record<string, Rows>> = {
  'POST /v1/flags/evaluate': (base, tokens) => [
    ...contextRows(base, tokens),
    ...asBound(base, tokens, '#/tenant_id'),
    changed(base, 'a flag that is none', { flag_key: 'ff.nothing' }, '404 flag_not_found #/flag_key'),
    changed(base, 'a flag every object has', { flag_key: 'constructor' }, '404 flag_not_found #/flag_key'),
    ...['several', 'none'].map((name) => ({
      name: `no tenant, and a token bound to ${name}`,
      request: {
        ...withBody(base, { flag_key: 'ff.example' }),
        headers: { ...base.request.headers, Authorization: `Bearer ${name === 'none' ? tokens.none : tokens.several}` },
      },
      expected: `${FORBIDDEN} #/tenant_id`,
    })),
  ],
  'POST /v1/flags/evaluate/bulk': (base, tokens) => [
    ...contextRows({ ...base, request: withBody(base, {}) }, tokens).slice(0, 2),
    ...asBound(base, tokens, '#/tenant_id'),
    changed(base, 'no keys', { flag_keys: [] }, '400 invalid_field #/flag_keys'),
    changed(base, 'a key twice', { flag_keys: ['ff.example', 'ff.example'] }, '400 invalid_field #/flag_keys'),
    changed(base, 'a key that is a number', { flag_keys: ['ff.example', 7] }, '400 invalid_field #/flag_keys/1'),
    changed(
      base,
      '1,001 keys',
      { flag_keys: Array.from({ length: LIMITS.bulkFlags + 1 }, (_, n) => `ff.n${n}`) },
      '400 invalid_field #/flag_keys',
    ),
  ],
  'GET /v1/flags/{flag_key}': (base) => [
    at(base, 'a flag that is none', '/v1/flags/ff.nothing', '404 flag_not_found #/path/flag_key'),
    at(base, 'a flag every object has', '/v1/flags/constructor', '404 flag_not_found #/path/flag_key'),
  ],
  'GET /v1/flags/override/tenant/{tenant_id}': (base, tokens) => asBound(base, tokens, '#/path/tenant_id'),
  'GET /v1/flags/override/user/{user_id}': (base, tokens) => asBound(base, tokens, '#/path/user_id'),
  'PUT /v1/flags/override/tenant/{tenant_id}/{flag_key}': overrideRows('tenant', 'T-pty/ff.daily_queue.simulation'),
  'DELETE /v1/flags/override/tenant/{tenant_id}/{flag_key}': overrideRows('tenant', 'T-pty/ff.daily_queue.simulation'),
  'PUT /v1/flags/override/user/{user_id}/{flag_key}': overrideRows('user', 'U-9/ff.intake_workspace.preview'),
  'DELETE /v1/flags/override/user/{user_id}/{flag_key}': overrideRows('user', 'U-9/ff.intake_workspace.preview'),
  'POST /v1/flags/registry/import': registryRows,
  'POST /v1/cache/invalidate': (base, tokens) => [
    ...asBound(base, tokens, '#/tenant'),
    changed(base, 'a flag and a tenant', { flag: 'ff.example' }, '400 invalid_field #/tenant'),
    changed(base, 'a tenant and a user', { user: 'U-9' }, '400 invalid_field #/user'),
  ],
};
