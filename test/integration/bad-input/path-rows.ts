import type { ApiDocument } from '../../support/api-document.ts';
import { plainPath, withPath, type Base, type Row } from './rows.ts';

const ESCAPES: readonly (readonly [name: string, id: string])[] = [
  ['an encoded slash', 'a%2Fb'],
  ['an encoded slash in lower case', 'a%2fb'],
  ['an encoded backslash', 'a%5Cb'],
  ['a step up', '%2e%2e'],
  ['a step nowhere', '%2E'],
  ['steps up to a file', '..%2f..%2fetc%2fpasswd'],
  ['U+0000', 'a%00b'],
  ['a line feed', 'a%0Ab'],
  ['an escape sequence', '%1b[2J'],
  ['U+007F', 'a%7Fb'],
  ['U+0085', 'a%C2%85b'],
  ['257 characters', 'a'.repeat(257)],
  ['257 characters of three bytes', '%E2%82%AC'.repeat(257)],
];

/** What no router takes for a path at all. */
const UNREADABLE: readonly (readonly [name: string, id: string])[] = [
  ['half an escape', 'a%'],
  ['an escape that is none', 'a%zz'],
  ['bytes that are not UTF-8', 'a%ff'],
  ['an overlong slash', 'a%C0%AFb'],
  ['half of a surrogate pair', '%ED%A0%80'],
];

/** Every id in the path, bent in every way that a path can be. */
export function pathRows(base: Base): Row[] {
  const { operation } = base;
  const named = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  return named.flatMap((name) => [
    ...ESCAPES.map(([what, id]) => row(base, name, what, id, `400 invalid_field #/path/${name}`)),
    ...UNREADABLE.map(([what, id]) => row(base, name, what, id, '400 bad_request #/path')),
    row(base, name, '3,000 characters', 'a'.repeat(3_000), '400 invalid_field #/path'),
    row(base, name, 'nothing', '', '404 route_not_found #/path'),
  ]);
}

function row(base: Base, name: string, what: string, id: string, expected: string): Row {
  const path = base.operation.template
    .split('/')
    .map((segment, at) => (segment === `{${name}}` ? id : plainPath(base).split('/')[at]))
    .join('/');
  return { name: `${name} with ${what}`, request: withPath(base, path), expected };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];

/** Every method that the path does not take. HEAD is Fastify's own answer to a GET and has no body to say more in. */
export function methodRows(base: Base, document: ApiDocument): Row[] {
  return METHODS.filter((method) => document.operationOf(method, base.request.path) === null).map((method) => {
    const { body: _, ...request } = base.request;
    return { name: method, request: { ...request, method }, expected: '405 method_not_allowed' };
  });
}
