import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ERRORS, schemas } from '#libs/contracts';
import { isJsonObject, type JsonObject } from '#libs/kernel';
import { openApiSchema } from './json-route.ts';

export interface DocsOptions {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

/** Every error answer, its code one of the closed set. */
const PROBLEM_SCHEMA = openApiSchema({
  ...schemas.problem,
  properties: { ...members(schemas.problem), code: { type: 'string', enum: Object.keys(ERRORS) } },
});

const PROBLEM_RESPONSE = {
  description: 'What was wrong, where, and what to do',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** The OpenAPI 3.1 document of every route; each may answer with a problem. */
export function openApiOf(app: NestFastifyApplication, { title, description, version }: DocsOptions): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setDescription(description)
    .setVersion(version)
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .addGlobalResponse({ status: 'default', ...PROBLEM_RESPONSE })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA },
  };
  return document;
}

function members({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

/** Serves `/docs` for people and `/docs-json` and `/openapi.json` for tools. Made at the first call, since start-up is counted in ms. */
export function serveDocs(app: NestFastifyApplication, options: DocsOptions): void {
  let document: OpenAPIObject | null = null;
  const made = (): OpenAPIObject => {
    document ??= openApiOf(app, options);
    return document;
  };
  SwaggerModule.setup('docs', app, made, { raw: ['json'] });
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', (_request, reply) => reply.send(made()));
}
