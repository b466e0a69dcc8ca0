import { readdirSync, readFileSync } from 'node:fs';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '#libs/kernel';

export const ROOT = new URL('../../', import.meta.url);

/** A JSON file of the project, from its root. */
export function readJson(path: string): JsonValue {
  return parseJson(readFileSync(new URL(path, ROOT), 'utf8'));
}

export function readObject(path: string): JsonObject {
  const value = readJson(path);
  if (!isJsonObject(value)) throw new Error(`${path} is no object`);
  return value;
}

/** Every JSON file below contracts/, from the project's root. */
export const CONTRACTS: readonly string[] = readdirSync(new URL('contracts/', ROOT), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.json'))
  .map((name) => `contracts/${name}`)
  .toSorted();

export const SCHEMAS: readonly string[] = CONTRACTS.filter((path) => path.endsWith('.schema.json'));

/** The member of that name, an empty object where it is none. */
export function objectOf(parent: JsonValue | undefined, name: string): JsonObject {
  const member = isJsonObject(parent) ? parent[name] : undefined;
  return isJsonObject(member) ? member : {};
}

/** The objects of the list of that name. */
export function listOf(parent: JsonValue | undefined, name: string): readonly JsonObject[] {
  const member = isJsonObject(parent) ? parent[name] : undefined;
  return Array.isArray(member) ? member.filter(isJsonObject) : [];
}

/** That member of each row, in their order. */
export const names = (rows: readonly { readonly [name: string]: unknown }[], member = 'name'): readonly unknown[] =>
  rows.map((row) => row[member]);

/** A text as it is; anything else as JSON. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Every object in a JSON value, itself first, each with its pointer. */
export function* objectsIn(value: JsonValue, pointer = ''): Generator<readonly [pointer: string, object: JsonObject]> {
  if (isJsonObject(value)) yield [pointer, value];
  if (typeof value !== 'object' || value === null) return;
  // An array's entries are its indices and items.
  const members: readonly (readonly [string, JsonValue])[] = Object.entries(value);
  for (const [name, member] of members) yield* objectsIn(member, `${pointer}/${name}`);
}
