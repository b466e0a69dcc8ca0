import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { isRecord, PttError, type ErrorCode } from '#libs/kernel';
import { listed, pointTo, quoted } from './pointer.ts';

/** Where Fastify looked, and how a pointer begins there. */
const ROOTS: Readonly<Record<string, string>> = {
  body: '#',
  querystring: '#/query',
  params: '#/path',
  headers: '#/header',
};

/** An error of Ajv, with what its option `verbose` adds. */
export type SchemaError = FastifySchemaValidationError & { readonly parentSchema?: unknown; readonly data?: unknown };

/** What a compiled schema found, as an error for callers. Fastify calls it; validation ends at the first error. */
export function schemaFault(errors: readonly SchemaError[], where: string): PttError {
  const root = ROOTS[where] ?? '#';
  // With alternatives the last error says that none fits, the ones before it why.
  const error = errors.at(-1);
  if (error === undefined) return new PttError('invalid_field', { detail: 'does not fit its schema', pointer: root });
  // Fastify shows a validator null where there is no body at all.
  if (error.data === null && error.instancePath === '') {
    return new PttError('missing_field', { detail: 'a body is required; send a JSON object', pointer: root });
  }
  const at = `${root}${error.instancePath}`;
  const { code, pointer, detail } = describe(error, errors, at);
  return new PttError(code, { detail: `${pointer}: ${detail}`, pointer });
}

interface Described {
  readonly code: ErrorCode;
  readonly pointer: string;
  readonly detail: string;
}

function describe(error: SchemaError, errors: readonly SchemaError[], at: string): Described {
  const { keyword, params, parentSchema } = error;
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = textOf(params['additionalProperty'] ?? params['unevaluatedProperty']);
      return {
        code: 'unknown_field',
        pointer: pointTo(at, name),
        detail: `${quoted(name)} is not known here${known(parentSchema)}`,
      };
    }
    case 'required': {
      const name = textOf(params['missingProperty']);
      return { code: 'missing_field', pointer: pointTo(at, name), detail: `${quoted(name)} is required` };
    }
    case 'enum':
      return { code: 'invalid_field', pointer: at, detail: `must be one of ${values(params['allowedValues'])}` };
    case 'const':
      return { code: 'invalid_field', pointer: at, detail: `must be ${JSON.stringify(params['allowedValue'])}` };
    case 'type':
      // The schema of a route that takes no body; anything that is read as JSON is one.
      if (params['type'] === 'null') {
        return { code: 'unknown_field', pointer: at, detail: 'no body is taken here; leave it out' };
      }
      return { code: 'invalid_field', pointer: at, detail: `must be ${typeOf(params['type'])}; nothing is converted` };
    case 'uniqueItems':
      return { code: 'invalid_field', pointer: at, detail: `holds the same item twice, at ${twice(error.data)}` };
    case 'anyOf':
    case 'oneOf':
      return nearest(error, errors.slice(0, -1)) ?? alternatives(errors.slice(0, -1), at);
    default:
      return { code: 'invalid_field', pointer: at, detail: error.message ?? 'does not fit its schema' };
  }
}

/**
 * Of several objects the one with the fewest fields unknown or missing is what was meant: what is wrong with that one.
 * Null where nothing tells: the shapes or the value are no objects, or the value is empty.
 */
function nearest(choice: SchemaError, branches: readonly SchemaError[]): Described | null {
  const { data, instancePath, schemaPath, keyword, parentSchema } = choice;
  const shapes: unknown = isRecord(parentSchema) ? parentSchema[keyword] : undefined;
  if (!Array.isArray(shapes) || !isRecord(data) || Object.keys(data).length === 0) return null;
  const distances = shapes.map((shape: unknown) => distanceOf(data, shape));
  const least = Math.min(...distances.map((distance) => distance ?? 0));
  const index = distances.indexOf(least);
  const own = branches.find((branch) => branch.schemaPath.startsWith(`${schemaPath}/${String(index)}/`));
  if (own === undefined || distances.includes(null)) return null;
  return describe(own, [own], `#${own.instancePath.startsWith(instancePath) ? own.instancePath : instancePath}`);
}

/** How many members an object has too many or too few for a shape; null for a shape that names no members. */
function distanceOf(data: Readonly<Record<string, unknown>>, shape: unknown): number | null {
  if (!isRecord(shape) || !isRecord(shape['properties'])) return null;
  const { properties, required } = shape;
  const unknown = Object.keys(data).filter((name) => !Object.hasOwn(properties, name));
  const missing = (Array.isArray(required) ? required : []).filter((name) => !Object.hasOwn(data, String(name)));
  return unknown.length + missing.length;
}

/** Several shapes and none fits: a missing field if that is all that each of them misses, else a field that does not fit. */
function alternatives(branches: readonly SchemaError[], at: string): Described {
  const missing = branches
    .filter(({ keyword }) => keyword === 'required')
    .map(({ params }) => textOf(params['missingProperty']));
  if (missing.length > 0 && missing.length === branches.length) {
    return { code: 'missing_field', pointer: at, detail: `one of ${listed([...new Set(missing)], 'or')} is required` };
  }
  const reasons = [...new Set(branches.map(({ message }) => message ?? 'does not fit'))];
  const detail =
    reasons.length === 0
      ? 'fits more than one of the shapes allowed'
      : `fits no shape allowed: ${reasons.join('; or ')}`;
  return { code: 'invalid_field', pointer: at, detail };
}

function known(schema: unknown): string {
  const properties = isRecord(schema) ? schema['properties'] : undefined;
  return isRecord(properties) ? `; known are ${listed(Object.keys(properties))}` : '';
}

/** Where the first item stands that was there before, and where it was: items are not repeated, as in a validator's words. */
function twice(items: unknown): string {
  const texts: readonly unknown[] = Array.isArray(items) ? items : [];
  const again = texts.findIndex((text, index) => texts.indexOf(text) < index);
  return `${String(again)} and ${String(texts.indexOf(texts[again]))}`;
}

function values(allowed: unknown): string {
  return Array.isArray(allowed) ? allowed.map((value) => JSON.stringify(value)).join(', ') : 'a closed set';
}

function typeOf(type: unknown): string {
  return Array.isArray(type) ? type.join(' or ') : textOf(type);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
