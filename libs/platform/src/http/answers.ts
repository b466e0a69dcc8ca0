import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import type { JsonObject } from '#libs/kernel';
import { openApiSchema } from './json-route.ts';
import { NotesWhatIsTaken } from './taken.ts';

export interface AnswersOptions {
  /** 200 when not given, also for a POST. */
  readonly status?: number;
  /** A further media type that the same answer can have, as a text. */
  readonly also?: string;
}

/** What a route off the hot path answers, by its schema in contracts/http. */
export function Answers(
  schema: JsonObject,
  description: string,
  { status = 200, also }: AnswersOptions = {},
): MethodDecorator {
  const content = {
    'application/json': { schema: openApiSchema(schema) },
    ...(also === undefined ? {} : { [also]: { schema: { type: 'string' } } }),
  };
  return applyDecorators(HttpCode(status), NotesWhatIsTaken(), ApiResponse({ status, description, content }));
}

/** The body of a route that checks it further in, by its schema, for OpenAPI. */
export function Takes(schema: JsonObject, description: string): MethodDecorator {
  return applyDecorators(ApiBody({ description, schema: openApiSchema(schema) }));
}
