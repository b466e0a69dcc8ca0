import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Module,
  Param,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { ERROR_CODES, invariant, LIMITS, PttError, type JsonValue } from '#libs/kernel';
import { CollectingLog, ManualClock, SequentialIds } from '#libs/platform/testing';
import { validateBody, validateQuery } from './dto.ts';
import { createHttpApp, type HttpApp } from './http-app.ts';
import { JsonRoute } from './json-route.ts';

class Part {
  @IsString()
  name!: string;
}

class Note {
  @IsString()
  @MaxLength(5)
  text!: string;

  @IsBoolean()
  loud!: boolean;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Part)
  parts?: Part[];
}

class NotesQuery {
  @IsOptional()
  @IsInt()
  limit?: number;

  @IsOptional()
  @IsBoolean()
  dry_run?: boolean;
}

const ASK = {
  type: 'object',
  additionalProperties: false,
  required: ['flag_key'],
  properties: {
    flag_key: { type: 'string', maxLength: 20 },
    loud: { type: 'boolean' },
    kind: { enum: ['a', 'b'] },
    context: { type: 'object' },
  },
};
const ANSWER = { type: 'object', required: ['flag_key'], properties: { flag_key: { type: 'string' } } };

const thrown: { next: unknown } = { next: null };

@Controller('v1')
class NotesController {
  @Post('ask')
  @JsonRoute({ body: ASK, answer: ANSWER, description: 'Asks' })
  ask(@Body() body: { readonly flag_key: string }): unknown {
    return { flag_key: body.flag_key, secret: 'not in the schema' };
  }

  @Post('notes')
  @HttpCode(200)
  note(@Body(validateBody(Note)) body: Note): unknown {
    return { text: body.text, isNote: body instanceof Note };
  }

  @Get('notes')
  list(@Query(validateQuery(NotesQuery, { integers: ['limit'], booleans: ['dry_run'] })) query: NotesQuery): unknown {
    return { limit: query.limit, dry_run: query.dry_run };
  }

  @Put('notes/:note_id/:part')
  put(@Param('note_id') id: string, @Param('part') part: string): unknown {
    return { id, part };
  }

  @Delete('notes/:note_id/:part')
  remove(): unknown {
    return {};
  }

  @Post('echo')
  @HttpCode(200)
  echo(@Body() body: unknown): unknown {
    return { body: body === undefined ? 'nothing' : body };
  }

  @Get('throw')
  throwNext(): unknown {
    throw thrown.next;
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

interface Problem {
  readonly [name: string]: JsonValue | undefined;
}

let app: HttpApp;
const log = new CollectingLog();

beforeAll(async () => {
  const clock = new ManualClock();
  app = await createHttpApp(NotesModule, {
    log,
    clock,
    scheduler: clock,
    ids: new SequentialIds(),
    docs: { title: 'Notes', description: 'For tests', version: '1' },
  });
  await app.ready();
});

afterAll(() => app.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Problem;
}

async function send(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH',
  url: string,
  payload?: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const sent = payload === undefined ? headers : { 'content-type': 'application/json', ...headers };
  const answer = await app.fastify.inject({
    method,
    url,
    headers: sent,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Problem>() };
}

/** Sends what must be refused, looks at what every problem has in common, and gives the rest. */
async function refused(...request: Parameters<typeof send>): Promise<Problem> {
  const { status, headers, body } = await send(...request);
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(body['status']).toBe(status);
  expect(ERROR_CODES.map((code) => `urn:ptt:error:${code}`)).toContain(body['type']);
  expect(body['type']).toMatch(new RegExp(`:${JSON.stringify(body['code']).slice(1, -1)}$`));
  expect(headers['ptt-correlation-id']).toBe(body['correlation_id']);
  expect(JSON.stringify(body)).not.toMatch(/\.ts:|node_modules| at .*\(/);
  return body;
}

describe('a body', () => {
  it('is taken, and answered by its schema alone', async () => {
    expect(await send('POST', '/v1/ask', '{"flag_key":"ff.a"}')).toMatchObject({
      status: 200,
      body: { flag_key: 'ff.a' },
    });
    const { body } = await send('POST', '/v1/ask', '{"flag_key":"ff.a"}');
    expect(body).not.toHaveProperty('secret');
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
    expect(await refused('POST', '/v1/ask', payload)).toMatchObject({ status: 400, code, pointer });
  });

  it('says which fields are known', async () => {
    const { detail } = await refused('POST', '/v1/ask', '{"flag_key":"a","flagkey":1}');
    expect(detail).toBe('#/flagkey: "flagkey" is not known here; known are "flag_key", "loud", "kind" and "context"');
  });

  it('is refused when its bytes are no UTF-8', async () => {
    const payload = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect(await refused('POST', '/v1/ask', payload)).toMatchObject({ status: 400, code: 'invalid_encoding' });
  });

  it('is refused when it is too large, told or not', async () => {
    const payload = JSON.stringify({ flag_key: 'a', context: { pad: 'x'.repeat(LIMITS.bodyBytes) } });
    expect(await refused('POST', '/v1/ask', payload)).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  it.each([
    ['text/plain', {}],
    ['application/json; charset=utf-16', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/jsonp', {}],
    ['not a type', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('is refused as %s %j', async (type, headers) => {
    const answer = await refused('POST', '/v1/ask', '{"flag_key":"a"}', { 'content-type': type, ...headers });
    expect(answer).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it.each(['application/json;charset=UTF-8', 'Application/JSON; charset="utf-8"'])('is taken as %s', async (type) => {
    expect(await send('POST', '/v1/ask', '{"flag_key":"a"}', { 'content-type': type })).toMatchObject({ status: 200 });
  });

  it('may be left out where none is asked for', async () => {
    expect(await send('POST', '/v1/echo')).toMatchObject({ status: 200, body: { body: 'nothing' } });
    expect(await send('POST', '/v1/echo', '')).toMatchObject({ status: 200, body: { body: 'nothing' } });
  });
});

describe('a body that a class describes', () => {
  it('becomes an instance of it', async () => {
    const { status, body } = await send('POST', '/v1/notes', '{"text":"a","loud":false,"parts":[{"name":"x"}]}');
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
    expect(await refused('POST', '/v1/notes', payload)).toMatchObject({ status: 400, code, pointer });
  });

  it('has all of its faults named', async () => {
    const { faults } = await refused('POST', '/v1/notes', '{"text":"too long","parts":[{"name":1}],"b/~":2}');
    invariant(Array.isArray(faults), 'there are faults');
    expect(faults.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining(['#/b~1~0', '#/text', '#/loud', '#/parts/0/name']),
    );
  });
});

describe('a query', () => {
  it('is read by its canonical spelling', async () => {
    expect(await send('GET', '/v1/notes?limit=50&dry_run=false')).toMatchObject({
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
    expect(await refused('GET', `/v1/notes?${query}`)).toMatchObject({ status: 400, code, pointer });
  });
});

describe('a path', () => {
  it('hands ids over decoded', async () => {
    expect(await send('PUT', '/v1/notes/T-%C3%BC/a%20b')).toMatchObject({
      status: 200,
      body: { id: 'T-ü', part: 'a b' },
    });
  });

  it('takes an id of 256 characters, however long its escapes', async () => {
    const id = '€'.repeat(256);
    expect(await send('PUT', `/v1/notes/${encodeURIComponent(id)}/x`)).toMatchObject({ status: 200, body: { id } });
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
    expect(await refused('PUT', url)).toMatchObject({ status: 400, code, pointer });
  });

  it('is not found, whatever the body is', async () => {
    expect(await refused('POST', '/v1/nothing', '{"')).toMatchObject({ status: 404, code: 'route_not_found' });
    expect(await refused('GET', '/v1/notes//x')).toMatchObject({ status: 404, code: 'route_not_found' });
    expect(await refused('PUT', '/v1/notes//x')).toMatchObject({ status: 404, code: 'route_not_found' });
  });

  it('names the methods that it takes', async () => {
    const { status, headers, body } = await send('PATCH', '/v1/notes/a/b?x=1');
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
    expect((await send('POST', '/v1/echo', '{}', headers)).headers['ptt-correlation-id']).toBe(id);
    expect((await refused('GET', '/v1/nothing', undefined, headers))['correlation_id']).toBe(id);
  });

  it.each([
    { 'ptt-correlation-id': 'a b' },
    { 'ptt-correlation-id': 'a'.repeat(129) },
    { 'ptt-correlation-id': '<script>' },
    { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
    { traceparent: `ff-${TRACE}-00f067aa0ba902b7-01` },
  ])('is a new one instead of %j', async (headers) => {
    const { 'ptt-correlation-id': id } = (await send('POST', '/v1/echo', '{}', headers)).headers;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('what a route throws', () => {
  const answerTo = (error: unknown): Promise<Problem> => {
    thrown.next = error;
    return refused('GET', '/v1/throw');
  };

  it('is told by its code, with what belongs to it', async () => {
    const error = new PttError('ingest_gap', {
      detail: 'send 5 first',
      pointer: '#/a',
      extensions: { expected_sequence: 5 },
    });
    expect(await answerTo(error)).toMatchObject({
      status: 409,
      title: 'The records do not continue the chain',
      detail: 'send 5 first',
      pointer: '#/a',
      expected_sequence: 5,
    });
  });

  it('never lets an extension speak for the problem itself', async () => {
    const error = new PttError('bad_request', { detail: 'x', extensions: { status: 200, code: 'fine' } });
    expect(await answerTo(error)).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it.each([new Error('secret of ours'), 'a text', null, new RangeError('Maximum call stack size exceeded')])(
    'is an error of our own: %s',
    async (error) => {
      const answer = await answerTo(error);
      expect(answer).toMatchObject({ status: 500, code: 'internal' });
      expect(JSON.stringify(answer)).not.toContain('secret');
    },
  );

  it('is logged once when it is ours, with the correlation id, and not as an error when it is the caller’s', async () => {
    log.lines.length = 0;
    const error = new Error('it broke');
    const { correlation_id } = await answerTo(error);
    await answerTo(new PttError('flag_not_found', { detail: 'no such flag' }));
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message: 'a request failed',
        fields: expect.objectContaining({ correlation_id, err: error, route: '/v1/throw' }),
      },
    ]);
  });

  it('carries the headers of its status', async () => {
    const headersOf = async (error: PttError): Promise<Readonly<Record<string, unknown>>> => {
      thrown.next = error;
      return (await send('GET', '/v1/throw')).headers;
    };
    const detail = 'x';
    expect((await headersOf(new PttError('token_missing', { detail })))['www-authenticate']).toBe('Bearer realm="ptt"');
    expect((await headersOf(new PttError('token_invalid', { detail })))['www-authenticate']).toBe(
      'Bearer realm="ptt", error="invalid_token"',
    );
    expect(
      (await headersOf(new PttError('insufficient_scope', { detail, extensions: { scope: 'ff:read' } })))[
        'www-authenticate'
      ],
    ).toBe('Bearer realm="ptt", error="insufficient_scope", scope="ff:read"');
    expect((await headersOf(new PttError('store_overloaded', { detail })))['retry-after']).toBe('1');
    expect(
      (await headersOf(new PttError('too_many_requests', { detail, extensions: { retry_after_s: 2.1 } })))[
        'retry-after'
      ],
    ).toBe('3');
    expect(await headersOf(new PttError('flag_not_found', { detail }))).not.toHaveProperty('retry-after');
  });

  it('is read by its status when it is Nest’s', async () => {
    expect(await answerTo(new BadRequestException('no'))).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it('names fifty faults at most, and how many more there are', async () => {
    const faults = Array.from({ length: 53 }, (_, at) => ({ pointer: `#/${String(at)}`, detail: 'x' }));
    const answer = await answerTo(new PttError('registry_invalid', { detail: 'many', faults }));
    expect(answer['faults']).toEqual(faults.slice(0, 50));
    expect(answer['faults_left_out']).toBe(3);
  });

  it('is no echo of a megabyte', async () => {
    const answer = await refused('POST', '/v1/ask', JSON.stringify({ flag_key: 'a', ['k'.repeat(500_000)]: 1 }));
    expect(JSON.stringify(answer).length).toBeLessThan(4_000);
  });
});
