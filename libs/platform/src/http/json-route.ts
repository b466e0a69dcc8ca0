import { applyDecorators, HttpCode } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiBody, ApiResponse, type ApiBodyOptions } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { invariant, isRecord, type JsonObject } from '#libs/kernel';
import { NotesWhatIsTaken } from './taken.ts';

export interface JsonRouteShape {
  /** JSON Schema of the body, with no `$ref` in it; unknown fields are refused where it says `additionalProperties: false`. */
  readonly body: JsonObject;
  /** JSON Schema of the answer, for OpenAPI; what goes out is the handler's own affair. */
  readonly answer: JsonObject;
  /** 200 when not given: asking changes nothing, though it is a POST. */
  readonly status?: number;
  readonly description: string;
}

/**
 * A route whose body is checked by code compiled from the schema, with no pipe. The same schemas stand in OpenAPI. No
 * serialiser is compiled from them: it took 1.2 to 1.7 times as long as JSON.stringify.
 */
export function JsonRoute({ body, answer, status = 200, description }: JsonRouteShape): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    NotesWhatIsTaken(),
    RouteSchema({ body }),
    ApiBody({ schema: openApiSchema(body) }),
    ApiResponse({ status, description, schema: openApiSchema(answer) }),
  );
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends the answer of a hot route. */
export function sendJson(reply: FastifyReply, text: string): void {
  void reply.header('Content-Type', JSON_TYPE).send(text);
}

type OpenApiSchema = NonNullable<Extract<ApiBodyOptions, { schema: unknown }>['schema']>;

/** The same schema, as the documenting decorators' own type: it may stand in OpenAPI 3.1 as it is. */
export function openApiSchema(schema: JsonObject): OpenApiSchema {
  invariant(isOpenApiSchema(schema), 'a schema is an object');
  return schema;
}

function isOpenApiSchema(value: unknown): value is OpenApiSchema {
  return isRecord(value);
}
