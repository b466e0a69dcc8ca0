import { Ajv, type ErrorObject } from 'ajv';
import { parseInstant, type Fault, type JsonObject } from '#libs/kernel';
import { faultsOfErrors } from './faults.ts';
import { replaceKeywords, TEXT_LENGTHS } from './text-lengths.ts';

/** A type guard made from a JSON Schema, with what it has to say where it refuses. */
export interface Validator<T> {
  (value: unknown): value is T;
  /** The schema, with no `$ref` left in it. */
  readonly schema: JsonObject;
  /** Everything that is wrong, at most LIMITS.faultsPerAnswer of it; empty where nothing is. */
  faultsOf(value: unknown): readonly Fault[];
}

/**
 * What holds for all of them: nothing is coerced, filled in or removed; an instant is what the kernel takes for one.
 */
function newAjv(allErrors: boolean): Ajv {
  // Only who names faults needs the schema and the value beside each error; the other compiles quicker without.
  const ajv = new Ajv({
    strict: true,
    // The members that a choice demands are declared beside it.
    strictRequired: false,
    allowUnionTypes: true,
    allErrors,
    verbose: allErrors,
    logger: false,
    // Tests ask of every schema whether it is one: the schema of schemas takes longer to compile than all of ours.
    meta: false,
    validateSchema: false,
  });
  replaceKeywords(ajv, TEXT_LENGTHS);
  ajv.addFormat('date-time', { type: 'string', validate: (text: string) => parseInstant(text) !== null });
  return ajv;
}

const quick = lazily(() => newAjv(false));
const thorough = lazily(() => newAjv(true));

/** Made once per schema; compiled at the first use, so that a start pays only for what it needs. */
export function validatorOf<T>(schema: JsonObject): Validator<T> {
  const quickly = lazily(() => quick().compile(schema));
  const thoroughly = lazily(() => thorough().compile(schema));

  const holds = (value: unknown): value is T => quickly()(value);
  const errorsOf = (value: unknown): readonly ErrorObject[] => {
    if (quickly()(value)) return [];
    const validate = thoroughly();
    validate(value);
    return validate.errors ?? [];
  };
  const faultsOf = (value: unknown): readonly Fault[] => faultsOfErrors(errorsOf(value));
  return Object.assign(holds, { schema, faultsOf });
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
