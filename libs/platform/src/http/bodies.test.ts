import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invariant, LIMITS } from '#libs/kernel';
import type { HttpApp } from './http-app.ts';
import { refused, send, startNotes } from './testing/notes-app.ts';

let app: HttpApp;

beforeAll(async () => {
  app = await startNotes();
});

afterAll(() => app.close());

describe('a body', () => {
  it('is taken, and answered', async () => {
    expect(await send(app, 'POST', '/v1/ask', '{"flag_key":"ff.a"}')).toMatchObject({
      status: 200,
      body: { flag_key: 'ff.a' },
    });
  });

  it.each([
    ['an unknown field', '{"flag_key":"a","flagkey":1}', 'unknown_field', '#/flagkey'],
    ['a missing field', '{"loud":true}', 'missing_field', '#/flag_key'],
    ['a text for a boolean', '{"flag_key":"a","loud":"false"}', 'invalid_field', '#/loud'],
    ['a number for a text', '{"flag_key":1}', 'invalid_field', '#/flag_key'],
    ['null for a text', '{"flag_key":null}', 'invalid_field', '#/flag_key'],
    ['a value outside its set', '{"flag_key":"a","kind":"c"}', 'invalid_field', '#/kind'],
    ['a text that is too long', `{"flag_key":"${'a'.repeat(21)}"}`, 'invalid_field', '#/flag_key'],
    ['an array', '[]', 'invalid_field', '#'],
    ['null', 'null', 'missing_field', '#'],
    ['no bytes', '', 'missing_field', '#'],
    ['half a document', '{"flag_key":', 'malformed_json', '#'],
    [
      'a key that reaches for prototypes',
      '{"flag_key":"a","context":{"__proto__":{"x":1}}}',
      'invalid_field',
      '#/context/__proto__',
    ],
    ['an escaped one', '{"flag_key":"a","\\u005f_proto__":1}', 'invalid_field', '#/__proto__'],
    ['U+0000', '{"flag_key":"a\\u0000b"}', 'invalid_field', '#/flag_key'],
    ['half a surrogate pair', '{"flag_key":"\\ud800"}', 'invalid_field', '#/flag_key'],
    ['an endless number', '{"flag_key":"a","context":{"n":[1,1e999]}}', 'invalid_field', '#/context/n/1'],
    ['17 levels', `{"flag_key":"a","context":${'{"a":'.repeat(16)}1${'}'.repeat(16)}}`, 'body_too_deep', '#'],
    ['100,000 levels', '['.repeat(100_000), 'body_too_deep', '#'],
  ])('is refused by a schema: %s', async (_what, payload, code, pointer) => {
    expect(await refused(app, 'POST', '/v1/ask', payload)).toMatchObject({ status: 400, code, pointer });
  });

  it('says which fields are known', async () => {
    const { detail } = await refused(app, 'POST', '/v1/ask', '{"flag_key":"a","flagkey":1}');
    expect(detail).toBe('#/flagkey: "flagkey" is not known here; known are "flag_key", "loud", "kind" and "context"');
  });

  it('is refused when its bytes are no UTF-8', async () => {
    const payload = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect(await refused(app, 'POST', '/v1/ask', payload)).toMatchObject({ status: 400, code: 'invalid_encoding' });
  });

  it('is refused when it is too large, told or not', async () => {
    const payload = JSON.stringify({ flag_key: 'a', context: { pad: 'x'.repeat(LIMITS.bodyBytes) } });
    expect(await refused(app, 'POST', '/v1/ask', payload)).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  it.each([
    ['text/plain', {}],
    ['application/json; charset=utf-16', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/jsonp', {}],
    ['not a type', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('is refused as %s %j', async (type, headers) => {
    const answer = await refused(app, 'POST', '/v1/ask', '{"flag_key":"a"}', { 'content-type': type, ...headers });
    expect(answer).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it.each(['application/json;charset=UTF-8', 'Application/JSON; charset="utf-8"'])('is taken as %s', async (type) => {
    expect(await send(app, 'POST', '/v1/ask', '{"flag_key":"a"}', { 'content-type': type })).toMatchObject({
      status: 200,
    });
  });

  it('may be left out where none is asked for', async () => {
    expect(await send(app, 'POST', '/v1/echo')).toMatchObject({ status: 200, body: { body: 'nothing' } });
    expect(await send(app, 'POST', '/v1/echo', '')).toMatchObject({ status: 200, body: { body: 'nothing' } });
  });
});

describe('a body that a class describes', () => {
  it('becomes an instance of it', async () => {
    const { status, body } = await send(app, 'POST', '/v1/notes', '{"text":"a","loud":false,"parts":[{"name":"x"}]}');
    expect({ status, body }).toEqual({ status: 200, body: { text: 'a', isNote: true } });
  });

  it.each([
    ['an unknown field', '{"text":"a","loud":true,"x":1}', 'unknown_field', '#/x'],
    ['a missing field', '{"text":"a"}', 'missing_field', '#/loud'],
    ['"false" for false', '{"text":"a","loud":"false"}', 'invalid_field', '#/loud'],
    ['1 for true', '{"text":"a","loud":1}', 'invalid_field', '#/loud'],
    [
      'an unknown field inside',
      '{"text":"a","loud":true,"parts":[{"name":"x"},{"name":"y","z":1}]}',
      'unknown_field',
      '#/parts/1/z',
    ],
    ['a missing field inside', '{"text":"a","loud":true,"parts":[{}]}', 'missing_field', '#/parts/0/name'],
    ['a number among objects', '{"text":"a","loud":true,"parts":[7]}', 'invalid_field', '#/parts/0'],
    ['null', 'null', 'missing_field', '#'],
    ['an array', '[{"text":"a","loud":true}]', 'invalid_field', '#'],
    ['a name that every object has', '{"text":"a","loud":true,"toString":1}', 'unknown_field', '#/toString'],
    [
      'such a name inside',
      '{"text":"a","loud":true,"parts":[{"name":"x","valueOf":1}]}',
      'unknown_field',
      '#/parts/0/valueOf',
    ],
    ['no bytes', '', 'missing_field', '#'],
  ])('is refused: %s', async (_what, payload, code, pointer) => {
    expect(await refused(app, 'POST', '/v1/notes', payload)).toMatchObject({ status: 400, code, pointer });
  });

  it('has all of its faults named', async () => {
    const { faults } = await refused(app, 'POST', '/v1/notes', '{"text":"too long","parts":[{"name":1}],"b/~":2}');
    invariant(Array.isArray(faults), 'there are faults');
    expect(faults.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining(['#/b~1~0', '#/text', '#/loud', '#/parts/0/name']),
    );
  });
});
