import type { ErrorObject } from 'ajv';
import { isRecord } from '#libs/kernel';

/** What is wrong and what would be right, for the caller. The value itself is not repeated: it may be a secret. */
export function wordsOf(error: ErrorObject): string {
  const params: Readonly<Record<string, unknown>> = error.params;
  const limit = String(params['limit']);
  const subject = error.propertyName === undefined ? '' : 'a name here ';
  switch (error.keyword) {
    case 'additionalProperties':
      return `is not known here; known are ${listed(Object.keys(membersOf(error.parentSchema)))}`;
    case 'required':
      return 'is required';
    case 'type':
      return `must be ${typesOf(error.schema)}, is ${typeOf(error.data)}`;
    case 'enum':
      return `must be one of ${listed(literals(error.schema))}`;
    case 'const':
      return `must be ${JSON.stringify(error.schema)}`;
    case 'minLength':
      return `${subject}must not be empty`;
    case 'maxLength':
      return `${subject}must have at most ${limit} characters`;
    case 'pattern':
      return `${subject}${patternWords(error)}`;
    case 'format':
      return 'must be an RFC 3339 instant such as 2026-11-22T21:06:38.000Z';
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'minItems':
      return `must have at least ${limit} items`;
    case 'maxItems':
      return `must have at most ${limit} items`;
    case 'minProperties':
      return `must have at least ${limit} members`;
    case 'maxProperties':
      return `must have at most ${limit} members`;
    case 'uniqueItems':
      return `holds the same item twice, at ${String(params['i'])} and ${String(params['j'])}`;
    case 'oneOf':
    case 'anyOf':
      return choiceWords(error);
    default:
      return error.message ?? 'does not fit';
  }
}

function patternWords(error: ErrorObject): string {
  const pattern = String(error.schema);
  if (pattern.startsWith('^[^\\u0000')) return 'must not hold control characters or broken Unicode';
  const what: unknown = error.parentSchema?.['description'];
  return `must match ${pattern}${typeof what === 'string' ? `: ${what}` : ''}`;
}

/** Branches that only demand members are named by them; branches that are types, by their types. */
function choiceWords(error: ErrorObject): string {
  const branches: readonly unknown[] = Array.isArray(error.schema) ? error.schema : [];
  const demands = branches.map((branch) => (isRecord(branch) ? strings(branch['required']) : []));
  if (isRecord(error.data) && demands.length > 0 && demands.every((names) => names.length > 0)) {
    return `must have exactly one of: ${demands.map((names) => names.join(' and ')).join('; ')}`;
  }
  const types = branches.flatMap((branch) =>
    isRecord(branch) && typeof branch['type'] === 'string' ? [branch['type']] : [],
  );
  return `must be ${typesOf([...new Set(types)])}, is ${typeOf(error.data)}`;
}

function membersOf(schema: unknown): Readonly<Record<string, unknown>> {
  const members = isRecord(schema) ? schema['properties'] : undefined;
  return isRecord(members) ? members : {};
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function literals(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))) : [];
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? 'none' : words.join(', ');
}

function typesOf(schema: unknown): string {
  const types = typeof schema === 'string' ? [schema] : strings(schema);
  return types.map((type) => ARTICLES[type] ?? type).join(' or ');
}

const ARTICLES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'a boolean',
};

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return ARTICLES[typeof value] ?? typeof value;
}
