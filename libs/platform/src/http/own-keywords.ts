import { type AnySchemaObject, type FuncKeywordDefinition, str } from 'ajv/dist/2020.js';
import { invariant, isRecord } from '#libs/kernel';

type Keyword = Omit<FuncKeywordDefinition, 'keyword'>;

/** Lengths in UTF-16 units, as in LIMITS and everywhere else; Ajv counts characters, and takes ten times as long. */
function length(tooMuch: 'more' | 'fewer', fits: (units: number, limit: number) => boolean): Keyword {
  return {
    type: 'string',
    schemaType: 'number',
    compile: (limit: number) => (text: string) => fits(text.length, limit),
    error: { message: ({ schemaCode }) => str`must NOT have ${tooMuch} than ${schemaCode} characters` },
  };
}

/** `uniqueItems` for lists of texts, by a set; Ajv's own, for items of any kind, takes twice as long. */
const uniqueTexts: Keyword = {
  type: 'array',
  schemaType: 'boolean',
  compile: (isAsked: boolean, { items }: AnySchemaObject) => {
    invariant(isRecord(items) && items['type'] === 'string', 'only texts are told apart');
    return (found: readonly unknown[]) => !isAsked || new Set(found).size === found.length;
  },
  error: { message: 'must NOT have duplicate items' },
};

/** What stands in place of Ajv's own keywords of these names in the bodies of hot routes. */
export const OWN_KEYWORDS: Readonly<Record<string, Keyword>> = {
  maxLength: length('more', (units, limit) => units <= limit),
  minLength: length('fewer', (units, limit) => units >= limit),
  uniqueItems: uniqueTexts,
};
