import { isJsonObject, LIMITS, type JsonObject, type JsonValue } from '#libs/kernel';
import { withBody, type Base, type Row } from './rows.ts';

/** One value of each JSON type, with the wrong one that people send for it. */
const OF_TYPE: Readonly<Record<string, JsonValue>> = {
  null: null,
  boolean: true,
  number: 7.5,
  string: 'false',
  array: [],
  object: {},
};

/** Names that no body has; the last ones are what every object has without being asked. */
const UNKNOWN = ['extra', '', 'a/b~c', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'];

/** Each member with a value of every type that it does not take, each required one left out, and members that are not known. */
export function fieldRows(base: Base): Row[] {
  const { body: schema, sample } = base;
  const sent = sample.body ?? {};
  if (schema === null) return [];
  const shape = firstShape(schema);
  const properties = object(shape['properties']);
  const required = Array.isArray(shape['required']) ? shape['required'].map(String) : [];
  const row = (name: string, body: JsonObject, code: string, member: string): Row => ({
    name,
    request: withBody(base, body),
    expected: `400 ${code} #/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`,
  });
  return [
    ...UNKNOWN.map((name) => row(`unknown ${JSON.stringify(name)}`, { ...sent, [name]: 1 }, 'unknown_field', name)),
    ...required.map((name) => row(`no ${name}`, without(sent, name), 'missing_field', name)),
    ...Object.entries(properties).flatMap(([name, of]) =>
      wrongValues(object(of)).map((value) =>
        row(`${name}: ${short(value)}`, { ...withoutRival(sent, name), [name]: value }, 'invalid_field', name),
      ),
    ),
  ];
}

/** Of a body that may be one thing or another, the first: the sample is of that. */
function firstShape(schema: JsonObject): JsonObject {
  const { anyOf } = schema;
  return Array.isArray(anyOf) ? object(anyOf[0]) : schema;
}

/** An override has a value or a variant: what is wrong with the one must not be that the other is there. */
function withoutRival(body: JsonObject, name: string): JsonObject {
  if (name === 'value') return without(body, 'variant');
  return name === 'variant' ? without(body, 'value') : body;
}

function wrongValues(schema: JsonObject): readonly JsonValue[] {
  const types = typesOf(schema);
  const others = Object.entries(OF_TYPE).filter(([type]) => !types.has(type));
  const wrong = others.map(([, value]) => value);
  if (schema['enum'] !== undefined) return [...wrong, '', 'nothing'];
  if (types.has('integer')) return [...wrong.filter((value) => value !== 7.5), 1.5, 0, -1, '1', 2 ** 53];
  if (!types.has('string') || types.size > 1) return wrong;
  if (schema['format'] === 'date-time')
    return [...wrong, '', 'tomorrow', '2027-02-30T00:00:00Z', '2027-01-31', '2027-01-31T00:00:00'];
  const maxLength = Number(schema['maxLength'] ?? LIMITS.subjectIdLength);
  return [...wrong, '', 'a'.repeat(maxLength + 1), 'a\u0007b', 'a\u007Fb'];
}

function typesOf(schema: JsonObject): ReadonlySet<string> {
  const { type, enum: values, oneOf } = schema;
  if (Array.isArray(oneOf)) return new Set(oneOf.flatMap((one: JsonValue) => [...typesOf(object(one))]));
  if (type === undefined && Array.isArray(values)) return new Set(values.map((value) => typeof value));
  const types = (Array.isArray(type) ? type : [type]).map(String);
  return new Set(types);
}

function without(body: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([member]) => member !== name));
}

function short(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}… (${text.length})` : text;
}

function object(value: JsonValue | undefined): JsonObject {
  if (!isJsonObject(value)) throw new Error(`a schema is an object, not ${JSON.stringify(value)}`);
  return value;
}
