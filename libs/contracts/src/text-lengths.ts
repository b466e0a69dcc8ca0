import { _, type FuncKeywordDefinition, str } from 'ajv';
import type AjvCore from 'ajv/dist/core.js';

type Keyword = Omit<FuncKeywordDefinition, 'keyword'>;

/** By their names. */
export type Keywords = Readonly<Record<string, Keyword>>;

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
export const TEXT_LENGTHS: Keywords = {
  maxLength: length('more', (units, limit) => units <= limit),
  minLength: length('fewer', (units, limit) => units >= limit),
};

/** Has schemas compiled with these keywords in place of Ajv's own. */
export function replaceKeywords(ajv: AjvCore.default, keywords: Keywords): void {
  for (const [keyword, own] of Object.entries(keywords)) ajv.removeKeyword(keyword).addKeyword({ keyword, ...own });
}
