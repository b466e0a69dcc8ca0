import { LIMITS } from '#libs/kernel';
import type { Parameter } from '../../support/api-document.ts';
import type { ForgedTokens } from './forged-tokens.ts';
import { plainPath, withHeader, withPath, type Base, type Row } from './rows.ts';

/** Every parameter of the query with every wrong value, twice, and names that no query has. */
export function queryRows(base: Base): Row[] {
  const parameters = base.operation.parameters.filter((parameter) => parameter.in === 'query');
  const row = (query: string, code: string, name: string): Row => ({
    name: query.length > 80 ? `${query.slice(0, 80)}…` : query,
    request: withPath(base, `${plainPath(base)}?${query}`),
    expected: `400 ${code} #/query/${name}`,
  });
  return [
    ...['extra=1', 'Limit=1', '__proto__=1', 'constructor=1', 'toString=1', 'limit%00=1', 'extra[]=1'].map((query) =>
      row(query, 'unknown_field', decodeURIComponent(query.slice(0, -2))),
    ),
    ...parameters.flatMap((parameter) => [
      row(`${parameter.name}=1&${parameter.name}=2`, 'invalid_field', parameter.name),
      ...wrongValues(parameter).map((value) => row(`${parameter.name}=${value}`, 'invalid_field', parameter.name)),
      ...(parameter.name === 'cursor'
        ? wrongCursors().map((value) => row(`cursor=${value}`, 'invalid_cursor', 'cursor'))
        : []),
    ]),
  ];
}

function wrongValues({ schema }: Parameter): readonly string[] {
  if (schema['enum'] !== undefined) return ['', 'nothing', '%00', 'PTT', 'true'];
  if (schema['format'] === 'date-time') return ['', 'yesterday', '2027-02-30T00:00:00Z', '2027-01-31', '1700000000'];
  switch (schema['type']) {
    case 'integer':
      return [
        '',
        '0',
        '-1',
        '01',
        '1.5',
        '1e1',
        '0x10',
        '%2B1',
        '%201',
        'ten',
        'NaN',
        'Infinity',
        '9'.repeat(400),
        String(LIMITS.pageSizeMax + 1),
      ];
    case 'boolean':
      return ['', '1', '0', 'yes', 'TRUE', 'False', '%22false%22', 'null'];
    default:
      // Longer than any id and than any cursor.
      return ['', 'a%00b', 'a%0Ab', 'a'.repeat(9_000)];
  }
}

/** No cursor, another list's by its looks, and one that was tampered with. */
function wrongCursors(): readonly string[] {
  const listsNothing = Buffer.from('nothing\nff.example').toString('base64url');
  return ['%21', 'a', 'ZZZZ%3D', `${listsNothing}A%3D`, '____', '..%2F..%2Fetc'];
}

const IF_MATCH = [
  '7',
  'W/"7"',
  '*',
  '"7", "8"',
  '"07"',
  '""',
  '"-1"',
  '"1e3"',
  '"7',
  "'7'",
  '"99999999999999999"',
  '""7""',
];

/** Every header that a route reads, beside Authorization. */
export function headerRows(base: Base, { wrong }: ForgedTokens): Row[] {
  const reads = (header: string): boolean =>
    base.operation.parameters.some((parameter) => parameter.in === 'header' && parameter.name === header);
  const row = (name: string, value: string, what: string, expected: string): Row => ({
    name: `${name}: ${what}`,
    request: withHeader(base, name, value),
    expected: `${expected} #/header/${name}`,
  });
  return [
    ...(reads('If-Match') ? IF_MATCH.map((value) => row('If-Match', value, value, '400 invalid_if_match')) : []),
    ...(reads('PTT-Subject-Token')
      ? Object.entries(wrong).map(([what, token]) => row('PTT-Subject-Token', token, what, '401 subject_token_invalid'))
      : []),
  ];
}
