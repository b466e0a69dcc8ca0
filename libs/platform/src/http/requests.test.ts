import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpApp } from './http-app.ts';
import { refused, send, startNotes } from './testing/notes-app.ts';

let app: HttpApp;

beforeAll(async () => {
  app = await startNotes();
});

afterAll(() => app.close());

describe('a query', () => {
  it('is read by its canonical spelling', async () => {
    expect(await send(app, 'GET', '/v1/notes?limit=50&dry_run=false')).toMatchObject({
      body: { limit: 50, dry_run: false },
    });
  });

  it.each([
    ['limit=0x10', 'invalid_field', '#/query/limit'],
    ['limit=', 'invalid_field', '#/query/limit'],
    ['limit=1&limit=2', 'invalid_field', '#/query/limit'],
    ['dry_run=1', 'invalid_field', '#/query/dry_run'],
    ['dryrun=true', 'unknown_field', '#/query/dryrun'],
    ['__proto__=1', 'unknown_field', '#/query/__proto__'],
    ['constructor=1', 'unknown_field', '#/query/constructor'],
  ])('is refused: %s', async (query, code, pointer) => {
    expect(await refused(app, 'GET', `/v1/notes?${query}`)).toMatchObject({ status: 400, code, pointer });
  });
});

describe('a route without a query', () => {
  it.each([
    ['GET', '/v1/again?limit=1', '#/query/limit'],
    ['POST', '/v1/again?dry_run=true', '#/query/dry_run'],
    ['POST', '/v1/ask?a=1&a=2', '#/query/a'],
  ] as const)('refuses one: %s %s', async (method, url, pointer) => {
    const body = url.includes('ask') ? '{"flag_key":"a"}' : undefined;
    expect(await refused(app, method, url, body)).toMatchObject({ status: 400, code: 'unknown_field', pointer });
  });

  it('is answered without one, and beside routes that take theirs', async () => {
    expect(await send(app, 'GET', '/v1/again?')).toMatchObject({ status: 200, body: { flag_key: 'look' } });
    expect(await send(app, 'GET', '/v1/pages?limit=2')).toMatchObject({ status: 200, body: { flag_key: 'page 2' } });
  });
});

describe('a route without a body', () => {
  it.each(['{}', '{"dry_run":true}', '[]', 'false', '0'])('refuses one: %s', async (body) => {
    expect(await refused(app, 'POST', '/v1/again', body)).toMatchObject({
      status: 400,
      code: 'unknown_field',
      pointer: '#',
      detail: '#: no body is taken here; leave it out',
    });
  });

  it('is answered without one', async () => {
    expect(await send(app, 'POST', '/v1/again')).toMatchObject({ status: 200, body: { flag_key: 'again' } });
    expect(await send(app, 'POST', '/v1/again', '')).toMatchObject({ status: 200 });
  });
});

describe('a path', () => {
  it('hands ids over decoded', async () => {
    expect(await send(app, 'PUT', '/v1/notes/T-%C3%BC/a%20b')).toMatchObject({
      status: 200,
      body: { id: 'T-ü', part: 'a b' },
    });
  });

  it('takes an id of 256 characters, however long its escapes', async () => {
    const id = '€'.repeat(256);
    expect(await send(app, 'PUT', `/v1/notes/${encodeURIComponent(id)}/x`)).toMatchObject({
      status: 200,
      body: { id },
    });
  });

  it.each([
    ['a slash', '/v1/notes/a%2Fb/x', 'invalid_field', '#/path/note_id'],
    ['a backslash', '/v1/notes/a%5cb/x', 'invalid_field', '#/path/note_id'],
    ['U+0000', '/v1/notes/a%00b/x', 'invalid_field', '#/path/note_id'],
    ['a line feed', '/v1/notes/a%0ab/x', 'invalid_field', '#/path/note_id'],
    ['an id of 257 characters', `/v1/notes/${'a'.repeat(257)}/x`, 'invalid_field', '#/path/note_id'],
    ['an id of 3,000 characters', `/v1/notes/${'a'.repeat(3_000)}/x`, 'invalid_field', '#/path'],
    ['half an escape', '/v1/notes/a%zz/x', 'bad_request', '#/path'],
    ['no UTF-8', '/v1/notes/a%ff/x', 'bad_request', '#/path'],
  ])('is refused: %s', async (_what, url, code, pointer) => {
    expect(await refused(app, 'PUT', url)).toMatchObject({ status: 400, code, pointer });
  });

  it('is not found, whatever the body is', async () => {
    expect(await refused(app, 'POST', '/v1/nothing', '{"')).toMatchObject({ status: 404, code: 'route_not_found' });
    const nothing = { status: 404, code: 'route_not_found', pointer: '#/path' };
    expect(await refused(app, 'GET', '/v1/notes//x')).toMatchObject(nothing);
    expect(await refused(app, 'PUT', '/v1/notes//x')).toMatchObject(nothing);
  });

  it('names the methods that it takes', async () => {
    const { status, headers, body } = await send(app, 'PATCH', '/v1/notes/a/b?x=1');
    expect({ status, code: body['code'], allow: headers['allow'] }).toEqual({
      status: 405,
      code: 'method_not_allowed',
      allow: 'DELETE, PUT',
    });
  });
});

describe('a correlation id', () => {
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

  it.each([
    ['the caller’s own', { 'ptt-correlation-id': 'abc-1' }, 'abc-1'],
    ['the trace’s', { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` }, TRACE],
    [
      'the caller’s own before the trace’s',
      { 'ptt-correlation-id': 'x', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
      'x',
    ],
  ])('is %s', async (_what, headers, id) => {
    expect((await send(app, 'POST', '/v1/echo', '{}', headers)).headers['ptt-correlation-id']).toBe(id);
    expect((await refused(app, 'GET', '/v1/nothing', undefined, headers))['correlation_id']).toBe(id);
  });

  it.each([
    { 'ptt-correlation-id': 'a b' },
    { 'ptt-correlation-id': 'a'.repeat(129) },
    { 'ptt-correlation-id': '<script>' },
    { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
    { traceparent: `ff-${TRACE}-00f067aa0ba902b7-01` },
  ])('is a new one instead of %j', async (headers) => {
    const { 'ptt-correlation-id': id } = (await send(app, 'POST', '/v1/echo', '{}', headers)).headers;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
