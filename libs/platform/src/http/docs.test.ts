import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Global, Module, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Validator } from '@seriousme/openapi-schema-validator';
import { IsOptional, IsString } from 'class-validator';
import type { LightMyRequestResponse } from 'fastify';
import { ERROR_CODES } from '#libs/kernel';
import { CollectingLog, ManualClock, SequentialIds } from '#libs/platform/testing';
import { Metrics } from '../telemetry/metrics.ts';
import { PromMetrics } from '../telemetry/prom-metrics.ts';
import { validateBody } from './dto.ts';
import { HealthController } from './health.controller.ts';
import { createHttpApp, type HttpApp } from './http-app.ts';
import { JsonRoute } from './json-route.ts';
import { Readiness, type DependencyStatus } from './readiness.ts';

class Comment {
  @ApiProperty({ type: String, nullable: true, required: false })
  @IsOptional()
  @IsString()
  comment?: string | null;
}

const TREE = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1 } },
};

@Controller('v1')
class DocumentedController {
  @Post('trees')
  @JsonRoute({
    body: TREE,
    answer: { type: 'object', properties: { name: { type: 'string' } } },
    description: 'The tree',
  })
  tree(@Body() body: unknown): unknown {
    return body;
  }

  @Post('comments')
  comment(@Body(validateBody(Comment)) body: Comment): Comment {
    return body;
  }
}

const standing: { dependencies: readonly DependencyStatus[] } = { dependencies: [] };
const metrics = new PromMetrics({ process: false });

@Global()
@Module({
  controllers: [DocumentedController, HealthController],
  providers: [
    { provide: Readiness, useValue: new Readiness(() => standing.dependencies) },
    { provide: Metrics, useValue: metrics },
  ],
})
class DocumentedModule {}

let app: HttpApp;

beforeAll(async () => {
  const clock = new ManualClock();
  const docs = { title: 'Documented', description: 'For tests', version: '1.2.3' };
  app = await createHttpApp(DocumentedModule, {
    log: new CollectingLog(),
    clock,
    scheduler: clock,
    ids: new SequentialIds(),
    docs,
  });
  await app.ready();
});

afterAll(() => app.close());

const get = (url: string): Promise<LightMyRequestResponse> => app.fastify.inject({ method: 'GET', url });

describe('the documentation', () => {
  it('is a valid OpenAPI document, the same at both addresses', async () => {
    const document = (await get('/openapi.json')).json<Record<string, unknown>>();
    expect((await get('/docs-json')).json()).toEqual(document);
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Documented', version: '1.2.3' } });
    await expect(new Validator().validate(document)).resolves.toEqual({ valid: true });
  });

  it('names every route and what each answers when it refuses', async () => {
    const { paths, components } = (await get('/openapi.json')).json<{
      readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: unknown }>>>>;
      readonly components: unknown;
    }>();
    expect(Object.keys(paths).toSorted()).toEqual(['/healthz', '/metrics', '/readyz', '/v1/comments', '/v1/trees']);
    for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
      expect(operation.responses).toMatchObject({
        default: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      });
    }
    expect(components).toMatchObject({ schemas: { Problem: { properties: { code: { enum: [...ERROR_CODES] } } } } });
  });

  it('has the schemas of both kinds of body, null allowed where it is', async () => {
    expect((await get('/openapi.json')).json()).toMatchObject({
      paths: {
        '/v1/trees': {
          post: {
            requestBody: {
              content: { 'application/json': { schema: { properties: { name: { type: 'string', minLength: 1 } } } } },
            },
          },
        },
      },
      components: { schemas: { Comment: { properties: { comment: { type: ['string', 'null'] } } } } },
    });
  });

  it('has a page', async () => {
    const page = await get('/docs');
    expect({ status: page.statusCode, type: page.headers['content-type'] }).toEqual({
      status: 200,
      type: 'text/html',
    });
    expect((await get('/docs/swagger-ui-bundle.js')).statusCode).toBe(200);
    expect((await get('/docs/nothing.js')).json()).toMatchObject({ code: 'route_not_found' });
  });
});

describe('health', () => {
  it('says that the process is alive', async () => {
    expect((await get('/healthz')).json()).toEqual({ status: 'alive' });
  });

  const up = { name: 'journal', status: 'up', detail: 'writable', required: true } as const;
  const optional = { name: 'admin', status: 'down', detail: 'breaker open', required: false } as const;
  const down = { name: 'issuer', status: 'down', detail: 'no keys', required: true } as const;

  it('is ready without what is not required, with a line for each dependency', async () => {
    standing.dependencies = [up, optional];
    const answer = await get('/readyz');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ status: 'ready', dependencies: [up, optional] });
  });

  it('is not ready without what is required, with the same lines', async () => {
    standing.dependencies = [up, optional, down];
    const answer = await get('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({
      code: 'not_ready',
      detail: 'issuer is down: no keys',
      dependencies: [up, optional, down],
    });
  });

  it('has metrics in the text format', async () => {
    metrics.counter({ name: 'ptt_seen_total', help: 'Seen', labels: [] }).add({});
    const answer = await get('/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toContain('ptt_seen_total 1');
  });
});
