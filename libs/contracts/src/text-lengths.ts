import { _, type FuncKeywordDefinition, str } from 'ajv';

type Keyword = Omit<FuncKeywordDefinition, 'keyword'>;

/** Lengths in UTF-16 units, as in LIMITS and everywhere else; Ajv counts characters, and takes ten times as long. */
function length(tooMuch: 'more' | 'fewer', fits: (units: number, limit: number) => boolean): Keyword {
  return {
    type: 'string',
    schemaType: 'number',
    compile: (limit: number) => (text: string) => fits(text.length, limit),
    error: {
      message: ({ schemaCode }) => str`must NOT have ${tooMuch} than ${schemaCode} characters`,
      params: ({ schemaCode }) => _`{limit: ${schemaCode}}`,
    },
  };
}

/** What stands in place of Ajv's own keywords of these names, wherever a schema is compiled. */
export const TEXT_LENGTHS: Readonly<Record<string, Keyword>> = {
  maxLength: length('more', (units, limit) => units <= limit),
  minLength: length('fewer', (units, limit) => units >= limit),
};
