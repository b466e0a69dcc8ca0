import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { replaceKeywords } from '#libs/contracts';
import { parseInstant } from '#libs/kernel';
import { OWN_KEYWORDS } from './own-keywords.ts';

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
    // Tests ask of every schema whether it is one: the schema of schemas takes longer to compile than all of ours.
    meta: false,
    validateSchema: false,
  });
  ajv.addFormat('date-time', { type: 'string', validate: (text: string) => parseInstant(text) !== null });
  replaceKeywords(ajv, OWN_KEYWORDS);
  return (schema) => ajv.compile(schema);
}
