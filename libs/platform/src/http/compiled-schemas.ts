import { Ajv2020, type AnySchemaObject, type KeywordDefinition, type ValidateFunction } from 'ajv/dist/2020.js';
import { invariant, isRecord, parseInstant } from '#libs/kernel';

/**
 * The compiler behind every `@JsonRoute`: nothing converted, nothing dropped, nothing filled in, and it ends at the
 * first error: collecting all of them lets one body cost as much as it has members.
 * A keyword or a format that nobody knows is a mistake in the schema, and refuses to compile.
 */
export function schemaCompiler(): (schema: AnySchemaObject) => ValidateFunction {
  const ajv = new Ajv2020({
    strict: true,
    // The members that a choice demands are declared beside it.
    strictRequired: false,
    allowUnionTypes: true,
    coerceTypes: false,
    removeAdditional: false,
    useDefaults: false,
    allErrors: false,
    // Adds the schema to an error, so that its detail can name what is allowed. Costs nothing without one.
    verbose: true,
    // Lengths are UTF-16 units, as in LIMITS and everywhere else; counting characters takes ten times as long.
    // oxlint-disable-next-line typescript/no-deprecated -- deprecated since 6.0 and kept; else two keywords of our own
    unicode: false,
    // All that it would say is that `unicode` is deprecated.
    logger: false,
    // Tests ask of every schema whether it is one: the schema of schemas takes longer to compile than all of ours.
    meta: false,
    validateSchema: false,
  });
  ajv.addFormat('date-time', { type: 'string', validate: (text: string) => parseInstant(text) !== null });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword(uniqueTexts);
  return (schema) => ajv.compile(schema);
}

/** `uniqueItems` for what has it in a hot body, lists of texts; Ajv's own, for items of any kind, takes twice as long. */
const uniqueTexts: KeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  compile: (isAsked: boolean, { items }: AnySchemaObject) => {
    invariant(isRecord(items) && items['type'] === 'string', 'only texts are told apart');
    return (found: readonly unknown[]) => !isAsked || new Set(found).size === found.length;
  },
  error: { message: 'must NOT have duplicate items' },
};
