import { validators } from './generated/schemas.generated.ts';
import { validatorOf, type Validator } from './validator.ts';

/** What Fastify expects of a compiled schema. */
type RouteCheck = (data: unknown) => { readonly value: unknown } | { readonly error: Error };

const known: ReadonlyMap<unknown, Validator<unknown>> = new Map(
  Object.values(validators).map((validator: Validator<unknown>) => [validator.schema, validator]),
);

/**
 * For `fastify.setValidatorCompiler`: routes refuse with a PttError, and nothing is coerced, defaulted or removed,
 * all of which Fastify's own compiler does. Schemas of contracts/ share their validator with the rest of the process.
 */
export function routeValidator({ schema }: { readonly schema: unknown }): RouteCheck {
  const validator = known.get(schema) ?? validatorOf(JSON.parse(JSON.stringify(schema)));
  return (data) => {
    if (validator(data)) return { value: data };
    return { error: validator.refusalOf(data) };
  };
}
