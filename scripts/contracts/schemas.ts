import { invariant, isJsonObject, type JsonObject, type JsonValue } from '#libs/kernel';
import { BANNER, type GeneratedFile } from './files.ts';
import { nameOfFile, resolveReference, typeName, withoutStory, type SchemaFile } from './schema-files.ts';

/**
 * The schemas as constants with every `$ref` put in place, so that Fastify, OpenAPI and ajv take each one as it is,
 * and the validators made from them.
 */
export function schemaFile(files: readonly SchemaFile[]): GeneratedFile {
  const byPath = new Map(files.map((file) => [file.path, file.schema]));

  const inlined = (value: JsonValue, from: string, within: readonly string[]): JsonValue => {
    if (Array.isArray(value)) return value.map((item: JsonValue) => inlined(item, from, within));
    if (!isJsonObject(value)) return value;
    const ref = value['$ref'];
    if (typeof ref !== 'string') {
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inlined(member, from, within)]));
    }
    const { path, definition } = resolveReference(ref, from);
    const place = `${path}#${definition ?? ''}`;
    invariant(!within.includes(place), `${place} does not contain itself`);
    const file = byPath.get(path);
    invariant(file !== undefined, `${from}: ${ref} names a file of contracts/`);
    const found = definition === null ? withoutStory(file) : definitionOf(file, definition);
    invariant(found !== null, `${from}: ${ref} names a definition that exists`);
    return inlined(found, path, [...within, place]);
  };

  const named = files
    .filter((file) => file.validates)
    .map(({ path, schema }) => ({ name: nameOfFile(path), path, schema: inlined(withoutStory(schema), path, []) }));

  return {
    path: 'libs/contracts/src/generated/schemas.generated.ts',
    text: [
      BANNER,
      "import type { JsonObject } from '#libs/kernel';",
      "import { validatorOf, type Validator } from '../validator.ts';",
      `import type {\n${named.map(({ name }) => `  ${typeName(name)},\n`).join('')}} from './types.generated.ts';`,
      '',
      ...named.map(({ name, path, schema }) =>
        [`/** contracts/${path} */`, `const ${name}: JsonObject = ${JSON.stringify(schema)};`, ''].join('\n'),
      ),
      '/** Each schema by the name of its file, with no `$ref` left in it. Frozen by convention: never change one. */',
      `export const schemas = {\n${named.map(({ name }) => `  ${name},\n`).join('')}} as const;`,
      '',
      'interface Validators {',
      ...named.map(({ name }) => `  readonly ${name}: Validator<${typeName(name)}>;`),
      '}',
      '',
      '/** A type guard for each schema, by the name of its file. Each is compiled when it is first used. */',
      'export const validators: Validators = {',
      ...named.map(({ name }) => `  ${name}: validatorOf<${typeName(name)}>(${name}),`),
      '};',
      '',
    ].join('\n'),
  };
}

function definitionOf(file: JsonObject, name: string): JsonObject | null {
  const definitions = file['definitions'];
  const found = isJsonObject(definitions) ? definitions[name] : undefined;
  return isJsonObject(found) ? found : null;
}
