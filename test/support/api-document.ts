import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { isJsonObject, parseInstant, parseJson, type JsonObject, type JsonValue } from '#libs/kernel';

const PLACES = ['path', 'query', 'header'] as const;

export interface Parameter {
  readonly in: (typeof PLACES)[number];
  readonly name: string;
  readonly schema: JsonObject;
}

/** One route as its document describes it. */
export interface Operation {
  /** `PUT /v1/flags/override/tenant/{tenant_id}/{flag_key}`. */
  readonly route: string;
  readonly method: string;
  readonly template: string;
  readonly parameters: readonly Parameter[];
  /** The schema of its body; null where it takes none. */
  readonly body: JsonObject | null;
  readonly responses: JsonObject;
}

/** What of an answer a document speaks of. */
export interface AnswerParts {
  readonly status: number;
  /** With or without its parameters. */
  readonly mediaType: string;
  /** The body: JSON where it is JSON, else its text. */
  readonly body: JsonValue;
}

/** The OpenAPI document of one service, and what it says of real answers. */
export class ApiDocument {
  readonly operations: readonly Operation[];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(readonly document: JsonObject) {
    this.operations = operationsIn(document);
    this.#ajv.addFormat('date-time', { type: 'string', validate: (text: string) => parseInstant(text) !== null });
    this.#ajv.addFormat('uri', { type: 'string', validate: (text: string) => URL.canParse(text) });
    this.#ajv.addSchema({ ...document }, 'document');
  }

  static async of(url: string): Promise<ApiDocument> {
    const value = parseJson(await fetch(`${url}/openapi.json`).then((answer) => answer.text()));
    return new ApiDocument(object(value));
  }

  /** The operation that a request is for; of several templates the one with the fewest parameters, as the router has it. */
  operationOf(method: string, path: string): Operation | null {
    const [plain = ''] = path.split(/[?#]/, 1);
    const parts = plain.split('/');
    const fitting = this.operations.filter(
      (operation) => operation.method === method && fits(operation.template.split('/'), parts),
    );
    return fitting.toSorted((one, other) => holes(one.template) - holes(other.template))[0] ?? null;
  }

  /** In which ways an answer is not as the document says; where the document knows no such route, only a problem is. */
  faultsOf(method: string, path: string, answer: AnswerParts): readonly string[] {
    const operation = this.operationOf(method, path);
    const said = operation?.responses[String(answer.status)];
    const isOwn = operation !== null && isJsonObject(said);
    const at = isOwn ? ['paths', operation.template, method.toLowerCase(), 'responses', String(answer.status)] : null;
    if (at === null && answer.status < 400) return [`${answer.status} is not documented`];
    const mediaType = answer.mediaType.split(';', 1).join('').trim();
    const expected = isJsonObject(said) ? Object.keys(object(said['content'] ?? {})) : ['application/problem+json'];
    if (!expected.includes(mediaType)) return [`${mediaType} is answered, and ${expected.join(' or ')} documented`];
    const schema = at === null ? ['components', 'schemas', 'Problem'] : [...at, 'content', mediaType, 'schema'];
    return this.#faults(`document#${schema.map((step) => `/${escaped(step)}`).join('')}`, answer.body);
  }

  #faults(reference: string, body: JsonValue): readonly string[] {
    const validate = this.#compiled.get(reference) ?? this.#ajv.compile({ $ref: reference });
    this.#compiled.set(reference, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(({ instancePath, message = 'does not fit' }) => `${instancePath}: ${message}`);
  }

  /** A schema with its reference followed. */
  resolved(schema: JsonObject): JsonObject {
    const reference = schema['$ref'];
    if (typeof reference !== 'string') return schema;
    const name = reference.replace('#/components/schemas/', '');
    return object(object(object(this.document['components'])['schemas'])[name]);
  }
}

function operationsIn(document: JsonObject): readonly Operation[] {
  return Object.entries(object(document['paths'])).flatMap(([template, methods]) =>
    Object.entries(object(methods)).map(([name, described]): Operation => {
      const operation = object(described);
      const method = name.toUpperCase();
      return {
        route: `${method} ${template}`,
        method,
        template,
        parameters: parametersOf(operation['parameters']),
        body: bodyOf(operation['requestBody']),
        responses: object(operation['responses']),
      };
    }),
  );
}

function parametersOf(value: JsonValue | undefined): readonly Parameter[] {
  if (!Array.isArray(value)) return [];
  return value.map((each: JsonValue) => {
    const { in: given, name, schema } = object(each);
    const place = PLACES.find((known) => known === given);
    if (place === undefined || typeof name !== 'string') throw new Error(`no parameter: ${JSON.stringify(each)}`);
    return { in: place, name, schema: object(schema ?? {}) };
  });
}

function bodyOf(value: JsonValue | undefined): JsonObject | null {
  if (value === undefined) return null;
  return object(object(object(object(value)['content'])['application/json'])['schema']);
}

function fits(template: readonly string[], parts: readonly string[]): boolean {
  return (
    template.length === parts.length &&
    template.every((segment, at) => segment === parts[at] || (segment.startsWith('{') && parts[at] !== ''))
  );
}

function holes(template: string): number {
  return template.split('{').length;
}

function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function object(value: JsonValue | undefined): JsonObject {
  if (!isJsonObject(value)) throw new Error(`an object is expected in the document, not ${JSON.stringify(value)}`);
  return value;
}
