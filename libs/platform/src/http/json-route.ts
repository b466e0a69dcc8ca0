import { applyDecorators, HttpCode } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiBody, ApiResponse, type ApiBodyOptions } from '@nestjs/swagger';
import { invariant, isRecord, type JsonObject, type JsonValue } from '#libs/kernel';

export interface JsonRouteShape {
  /** JSON Schema 2020-12 of the body; unknown fields are refused only where it says `additionalProperties: false`. */
  readonly body: JsonObject;
  /** JSON Schema of the answer; it is written by it, so that fields it does not name do not go out. */
  readonly answer: JsonObject;
  /** 200 when not given: asking changes nothing, though it is a POST. */
  readonly status?: number;
  readonly description: string;
}

/**
 * A route on the hot path: body checked and answer written by code compiled from the schemas, with no pipe.
 * The same schemas stand in OpenAPI.
 */
export function JsonRoute({
  body,
  answer,
  status = 200,
  description,
}: JsonRouteShape): MethodDecorator & ClassDecorator {
  return applyDecorators(
    HttpCode(status),
    RouteSchema({ body, response: { [status]: answer } }),
    ApiBody({ schema: openApiSchema(body) }),
    ApiResponse({ status, description, schema: openApiSchema(answer) }),
  );
}

type OpenApiSchema = NonNullable<Extract<ApiBodyOptions, { schema: unknown }>['schema']>;

/**
 * A schema as it can stand inside an OpenAPI 3.1 document: its own definitions put in place of the references to them,
 * since those would point into the document around it. A schema that contains itself is cut to "anything".
 */
export function openApiSchema(schema: JsonObject): OpenApiSchema {
  const definitions = schema['$defs'];
  const inline = (value: JsonValue, inside: ReadonlySet<string>): JsonValue => {
    if (Array.isArray(value)) return value.map((item: JsonValue) => inline(item, inside));
    if (!isObject(value)) return value;
    const name = localName(value['$ref']);
    if (name !== null) {
      const definition = isObject(definitions) ? definitions[name] : undefined;
      return definition === undefined || inside.has(name) ? {} : inline(definition, new Set([...inside, name]));
    }
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== '$id' && key !== '$schema' && key !== '$defs')
        .map(([key, member]) => [key, inline(member, inside)]),
    );
  };
  const inlined = inline(schema, new Set());
  invariant(isOpenApiSchema(inlined), 'a schema stays an object');
  return inlined;
}

function isOpenApiSchema(value: unknown): value is OpenApiSchema {
  return isRecord(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return isRecord(value);
}

function localName(reference: JsonValue | undefined): string | null {
  return typeof reference === 'string' ? (/^#\/\$defs\/([^/]+)$/.exec(reference)?.[1] ?? null) : null;
}
