import { isJsonObject, type JsonValue, parseJson } from '#libs/kernel';

/** What the store said of a key: a value, or that there is none, with the version of that. */
export interface Stored<T> {
  readonly value: T | null;
  readonly version: number;
}

/** Values as JSON, and back. `read` throws for what is none. */
export interface Codec<T> {
  write(value: T): JsonValue;
  read(json: JsonValue): T;
}

/** Rises when what an entry holds is read differently. */
const SCHEMA = 1;

/** An entry of the shared tier. */
export function writeEntry<T>({ value, version }: Stored<T>, codec: Codec<T>): string {
  return JSON.stringify({ schema: SCHEMA, version, value: value === null ? null : codec.write(value) });
}

/** What `writeEntry` made; null for anything else, whoever put it there. */
export function readEntry<T>(text: string, codec: Codec<T>): Stored<T> | null {
  try {
    const json = parseJson(text);
    if (!isJsonObject(json) || json['schema'] !== SCHEMA) return null;
    const { version, value } = json;
    if (typeof version !== 'number' || !Number.isSafeInteger(version) || value === undefined) return null;
    return { version, value: value === null ? null : codec.read(value) };
  } catch {
    return null;
  }
}
