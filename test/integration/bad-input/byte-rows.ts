import { LIMITS } from '#libs/kernel';
import { withBody, withHeader, type Base, type Row } from './rows.ts';

const text = (bytes: number[]): Buffer => Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);

/** Not UTF-8: a bare continuation, an overlong NUL, a surrogate, beyond Unicode, cut short; UTF-16. */
const NOT_UTF8: readonly Uint8Array[] = [
  text([0x80]),
  text([0xc0, 0x80]),
  text([0xed, 0xa0, 0x80]),
  text([0xf5, 0x80, 0x80, 0x80]),
  text([0xe2, 0x82]),
  Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
];

const NOT_JSON = [
  '{',
  '{"a":1,}',
  "{'a':1}",
  '{"a":NaN}',
  '{"a":01}',
  '{"a":1}{"b":2}',
  '{"a":"\n"}',
  '{"a":1} //',
  '\uFEFF{}',
  'undefined',
  ' ',
  '{"a":"\\x41"}',
];

const TOO_DEEP = [
  nested('[', ']', LIMITS.jsonDepth + 1),
  nested('{"a":', '}', LIMITS.jsonDepth + 1, '1'),
  '['.repeat(100_000),
  `{"context":${nested('{"a":', '}', LIMITS.jsonDepth, '1')}}`,
];

/** Values that JSON can say and nobody below may see, in a member that nobody knows. */
const UNFIT: readonly (readonly [name: string, body: string, pointer: string])[] = [
  ['__proto__', '{"__proto__":{"isAdmin":true}}', '#/__proto__'],
  ['an escaped __proto__', String.raw`{"\u005f_proto__":{}}`, '#/__proto__'],
  ['constructor', '{"constructor":{"prototype":{}}}', '#/constructor'],
  ['prototype', '{"a":[{"prototype":1}]}', '#/a/0/prototype'],
  ['U+0000', String.raw`{"a":"b\u0000c"}`, '#/a'],
  ['U+0000 in a name', String.raw`{"a\u0000":1}`, '#/a\u0000'],
  ['half of a surrogate pair', String.raw`{"a":"\ud800"}`, '#/a'],
  ['halves in the wrong order', String.raw`{"a":"\udc00\ud800"}`, '#/a'],
  ['a number beyond all numbers', '{"a":1e999}', '#/a'],
  ['a number of 400 digits', `{"a":${'9'.repeat(400)}}`, '#/a'],
];

const MEDIA_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=a',
  'application/jsonx',
  'application/merge-patch+json',
  'application/json; charset=utf-16',
  'application/json; charset=latin1',
  'application/json, text/plain',
  'json',
];

function nested(opening: string, closing: string, depth: number, inside = ''): string {
  return opening.repeat(depth) + inside + closing.repeat(depth);
}

/** Bytes that never become a body. A route that takes none reads them all the same where its method has one. */
export function byteRows(base: Base): Row[] {
  const json = { ...base.request.headers, 'Content-Type': 'application/json' };
  const request = { ...base.request, headers: json };
  const row = (name: string, body: string | Uint8Array, expected: string): Row => ({
    name,
    request: { ...request, body },
    expected,
  });
  const withType = (headers: Readonly<Record<string, string>>, pointer: string): Row => ({
    name: JSON.stringify(headers),
    request: { ...request, headers: { ...json, ...headers }, body: request.body ?? '{}' },
    expected: `415 unsupported_media_type #/header/${pointer}`,
  });
  return [
    ...NOT_UTF8.map((bytes) => row(`bytes ${Buffer.from(bytes).toString('hex')}`, bytes, '400 invalid_encoding #')),
    ...NOT_JSON.map((body) => row(JSON.stringify(body), body, '400 malformed_json #')),
    ...TOO_DEEP.map((body) => row(`nesting of ${body.length} characters`, body, '400 body_too_deep #')),
    ...UNFIT.map(([name, body, pointer]) => row(name, body, `400 invalid_field ${pointer}`)),
    row('more than 1 MiB', `{"a":"${'a'.repeat(LIMITS.bodyBytes)}"}`, '413 body_too_large #'),
    ...MEDIA_TYPES.map((type) => withType({ 'Content-Type': type }, 'Content-Type')),
    ...['gzip', 'br', 'identity, gzip'].map((encoding) =>
      withType({ 'Content-Encoding': encoding }, 'Content-Encoding'),
    ),
  ];
}

/** A body where none is taken would be believed to count. */
export function needlessBodyRows(base: Base): Row[] {
  return ['{}', '{"dry_run":true}', '[]', '"a"', 'false'].map((body) => ({
    name: `the body ${body}`,
    request: { ...withHeader(base, 'Content-Type', 'application/json'), body },
    expected: '400 unknown_field #',
  }));
}

/** A body that is JSON and no object. */
export function bodyShapeRows(base: Base): Row[] {
  const { body: _, ...bare } = base.request;
  return [
    { name: 'no body', request: bare, expected: '400 missing_field #' },
    { name: 'an empty body', request: { ...base.request, body: '' }, expected: '400 missing_field #' },
    { name: 'null', request: withBody(base, null), expected: '400 missing_field #' },
    ...[[], 'a', 1, true, [{}]].map((body) => ({
      name: JSON.stringify(body),
      request: withBody(base, body),
      expected: '400 invalid_field #',
    })),
  ];
}
