import { compile } from 'json-schema-to-typescript';
import { invariant, isJsonObject, isRecord, type JsonObject, type JsonValue } from '#libs/kernel';
import { BANNER, type GeneratedFile } from './files.ts';
import { nameOfFile, resolveReference, typeName, withoutStory, type SchemaFile } from './schema-files.ts';

/**
 * One type for each schema and each definition. All schemas are put into one document first, so that what two of
 * them share is one type; names are therefore unique over all of contracts/.
 */
export async function typeFiles(files: readonly SchemaFile[]): Promise<readonly GeneratedFile[]> {
  const definitions = new Map<string, JsonValue>();
  const define = (name: string, schema: JsonValue, path: string): void => {
    invariant(!definitions.has(name), `contracts/${path}: the name ${name} is taken`);
    definitions.set(name, typed(schema, path));
  };
  for (const { path, schema, validates } of files) {
    if (validates) define(typeName(nameOfFile(path)), withoutStory(schema), path);
    const own = schema['definitions'];
    if (isJsonObject(own))
      for (const [name, definition] of Object.entries(own)) define(typeName(name), definition, path);
  }

  const bundle = { type: 'object', additionalProperties: false, definitions: Object.fromEntries(definitions) };
  invariant(isSchema(bundle), 'the bundle is a schema');
  const shapes = await compile(bundle, 'Bundle', {
    bannerComment: `${BANNER}\nimport type { JsonObject, JsonValue } from '#libs/kernel';`,
    unreachableDefinitions: true,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    unknownAny: true,
    customName: (_schema, key) => key,
    style: { singleQuote: true, printWidth: 120 },
  });
  const names = [...definitions]
    .filter(([, schema]) => !isScalar(schema))
    .map(([name]) => name)
    .toSorted();
  return [
    { path: 'libs/contracts/src/generated/shapes.generated.ts', text: shapes.replace(PROVENANCE, '') },
    {
      path: 'libs/contracts/src/generated/types.generated.ts',
      text: [
        BANNER,
        "import type { Frozen } from '../frozen.ts';",
        "import type * as shapes from './shapes.generated.ts';",
        '',
        ...names.map((name) => `export type ${name} = Frozen<shapes.${name}>;`),
        '',
      ].join('\n'),
    },
  ];
}

/** The schema as the type generator wants it: references by type name, free-form parts as JSON, rules it cannot say left out. */
function typed(value: JsonValue, path: string): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => typed(item, path));
  if (!isJsonObject(value)) return value;
  const ref = value['$ref'];
  if (typeof ref === 'string') {
    const { path: file, definition } = resolveReference(ref, path);
    return { $ref: `#/definitions/${typeName(definition ?? nameOfFile(file))}` };
  }
  const shaped = ['type', 'enum', 'const', 'anyOf', 'oneOf', 'not', 'required', 'properties'].some(
    (key) => key in value,
  );
  if (!shaped && Object.keys(value).every((key) => key === 'description')) return { ...value, tsType: 'JsonValue' };
  if (value['additionalProperties'] === true && value['properties'] === undefined)
    return { ...value, tsType: 'JsonObject' };
  const members = Object.entries(value).filter(([key]) => !UNSAID.has(key) || !onlyDemands(value, key));
  return Object.fromEntries(members.map(([key, member]) => [key, key === 'required' ? member : typed(member, path)]));
}

type Schema = Parameters<typeof compile>[0];

function isSchema(value: unknown): value is Schema {
  return isRecord(value);
}

/** A plain string or number has no type of its own: its name would say nothing that the compiler could hold. */
function isScalar(schema: JsonValue): boolean {
  return isJsonObject(schema) && (schema['type'] === 'string' || schema['type'] === 'integer');
}

/** The type generator tells of each definition where it found it, which is always the bundle. */
const PROVENANCE =
  /(?:^ \*\n)?^ \* This interface was referenced by `Bundle`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/gm;

/** Rules over which members stand together; a type says only which members there are. */
const UNSAID: ReadonlySet<string> = new Set(['oneOf', 'not', 'propertyNames']);

function onlyDemands(schema: JsonObject, key: string): boolean {
  return schema['properties'] !== undefined || key === 'propertyNames';
}
