import { isJsonObject, type JsonValue, parseJson } from '#libs/kernel';

/** What the store said of a key: a value, or that there is none, with the version of that. */
export interface Stored<T> {
  readonly value: T | null;
  readonly version: number;
}

/** Values as JSON, and back. `read` throws for what is none, or is not of that version. */
export interface Codec<T> {
  write(value: T): JsonValue;
  read(json: JsonValue, version: number): T;
}

/** Rises when what an entry holds is read differently. */
const SCHEMA = 2;

/** An entry of the shared tier. It names its key, so that what got under another one counts for nothing there. */
export function writeEntry<T>(key: string, { value, version }: Stored<T>, codec: Codec<T>): string {
  return JSON.stringify({ schema: SCHEMA, key, version, value: value === null ? null : codec.write(value) });
}

/** What `writeEntry` made for that key; null for anything else, whoever put it there. */
export function readEntry<T>(key: string, text: string, codec: Codec<T>): Stored<T> | null {
  try {
    const json = parseJson(text);
    if (!isJsonObject(json) || json['schema'] !== SCHEMA || json['key'] !== key) return null;
    const { version, value } = json;
    if (typeof version !== 'number' || !Number.isSafeInteger(version) || value === undefined) return null;
    return { version, value: value === null ? null : codec.read(value, version) };
  } catch {
    return null;
  }
}
