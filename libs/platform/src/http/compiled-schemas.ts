import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/**
 * The compiler behind every `@RouteSchema`: JSON Schema 2020-12, nothing converted, nothing dropped, nothing filled in,
 * ending at the first error: collecting all of them lets one body cost as much as it has members.
 */
export function schemaCompiler(): (schema: AnySchemaObject) => ValidateFunction {
  const ajv = new Ajv2020({
    coerceTypes: false,
    removeAdditional: false,
    useDefaults: false,
    allErrors: false,
    // Adds the schema to an error, so that its detail can name what is allowed. Costs nothing without one.
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    // Contracts state their gaps beside their shape.
    strictSchema: false,
  });
  addFormats.default(ajv);
  return (schema) => ajv.compile(schema);
}
