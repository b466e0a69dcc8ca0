import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import type { JsonObject } from '#libs/kernel';
import { openApiSchema } from './json-route.ts';

/** What a route off the hot path answers, by its schema in contracts/http. 200, also for a POST, unless said otherwise. */
export function Answers(schema: JsonObject, description: string, status = 200): MethodDecorator {
  return applyDecorators(HttpCode(status), ApiResponse({ status, description, schema: openApiSchema(schema) }));
}

/** The body of a route that checks it further in, by its schema, for OpenAPI. */
export function Takes(schema: JsonObject, description: string): MethodDecorator {
  return applyDecorators(ApiBody({ description, schema: openApiSchema(schema) }));
}
