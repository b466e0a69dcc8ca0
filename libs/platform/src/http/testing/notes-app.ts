import { expect } from '@jest/globals';
import { Body, Controller, Delete, Get, HttpCode, Module, Param, Post, Put, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CODES, type JsonValue } from '#libs/kernel';
import { CollectingLog, ManualClock, SequentialIds } from '#libs/platform/testing';
import { validateBody, validateQuery } from '../dto.ts';
import { Answers } from '../answers.ts';
import { createHttpApp, type HttpApp } from '../http-app.ts';
import { HotRoute } from '../hot-route.ts';
import { JsonRoute, sendJson } from '../json-route.ts';

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

/** What `GET /v1/throw` throws next. */
export const thrown: { next: unknown } = { next: null };

@Controller('v1')
class NotesController {
  @Post('ask')
  @JsonRoute({ body: ASK, answer: ANSWER, description: 'Asks' })
  ask(@Body() body: { readonly flag_key: string }): unknown {
    return { flag_key: body.flag_key };
  }

  @Post('hot')
  @HotRoute({ body: ASK, answer: ANSWER, description: 'Answers by itself, now or later' })
  hot({ body }: FastifyRequest<{ Body: { readonly flag_key: string } }>, reply: FastifyReply): unknown {
    const answer = (): void => {
      if (body.flag_key.startsWith('thrown')) throw thrown.next;
      sendJson(reply, JSON.stringify({ flag_key: body.flag_key, asked: this.asked(body) }));
    };
    return body.flag_key.endsWith('later') ? Promise.resolve().then(answer) : answer();
  }

  private asked({ flag_key }: { readonly flag_key: string }): number {
    return flag_key.length;
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

  @Post('again')
  @Answers(ANSWER, 'Takes neither query nor body')
  again(): unknown {
    return { flag_key: 'again' };
  }

  @Get('again')
  @Answers(ANSWER, 'Takes no query')
  look(): unknown {
    return { flag_key: 'look' };
  }

  @Get('pages')
  @Answers(ANSWER, 'Takes a query')
  pages(@Query(validateQuery(NotesQuery, { integers: ['limit'] })) { limit }: NotesQuery): unknown {
    return { flag_key: `page ${String(limit)}` };
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

export interface Problem {
  readonly [name: string]: JsonValue | undefined;
}

/** What the application logs. */
export const log = new CollectingLog();

/** An application with a route of each kind. */
export async function startNotes(): Promise<HttpApp> {
  const clock = new ManualClock();
  const app = await createHttpApp(NotesModule, { log, clock, scheduler: clock, ids: new SequentialIds() });
  return app.ready();
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Problem;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';

/** Sends one request: with a payload as JSON, unless the headers say otherwise. */
export async function send(
  app: HttpApp,
  method: Method,
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
export async function refused(...request: Parameters<typeof send>): Promise<Problem> {
  const { status, headers, body } = await send(...request);
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(body['status']).toBe(status);
  expect(ERROR_CODES.map((code) => `urn:ptt:error:${code}`)).toContain(body['type']);
  expect(body['type']).toMatch(new RegExp(`:${JSON.stringify(body['code']).slice(1, -1)}$`));
  expect(headers['ptt-correlation-id']).toBe(body['correlation_id']);
  expect(JSON.stringify(body)).not.toMatch(/\.ts:|node_modules| at .*\(/);
  return body;
}
