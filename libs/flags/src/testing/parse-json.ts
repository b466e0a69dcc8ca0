import { type JsonValue } from '#libs/kernel';

/** The value of a JSON text. @throws SyntaxError */
export function parseJson(text: string): JsonValue {
  const value: unknown = JSON.parse(text);
  if (isJson(value)) return value;
  throw new SyntaxError('JSON.parse gave what is no JSON');
}

function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}
