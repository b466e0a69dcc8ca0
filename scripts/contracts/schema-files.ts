import { readdir, readFile } from 'node:fs/promises';
import { invariant, isJsonObject, parseJson, type JsonObject } from '#libs/kernel';

/** A schema as it stands in contracts/, with its place there. */
export interface SchemaFile {
  /** From contracts/, e.g. `http/evaluate-request.schema.json`. */
  readonly path: string;
  readonly schema: JsonObject;
  /** False for a file that only holds what others share. */
  readonly validates: boolean;
}

const SUFFIX = '.schema.json';

/** All schemas below contracts/, in the order of their paths. */
export async function readSchemaFiles(contractsFolder: URL): Promise<readonly SchemaFile[]> {
  const names = await readdir(contractsFolder, { recursive: true });
  const paths = names.filter((name) => name.endsWith(SUFFIX)).toSorted();
  return Promise.all(
    paths.map(async (path) => {
      const schema = await readContract(contractsFolder, path);
      return { path, schema, validates: path !== `common${SUFFIX}` };
    }),
  );
}

/** `http/evaluate-request.schema.json` → `evaluateRequest`, the name of its validator and its schema. */
export function nameOfFile(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1, -SUFFIX.length);
  return base.replace(/[._-]+([a-z0-9])/g, (_, next: string) => next.toUpperCase());
}

/** `evaluateRequest` → `EvaluateRequest`, the name of its type. */
export function typeName(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** What a `$ref` of one file names: a file, and a definition in it unless it is the whole file. */
export interface Reference {
  readonly path: string;
  readonly definition: string | null;
}

/** Reads `../common.schema.json#/definitions/id` as seen from `from`. */
export function resolveReference(ref: string, from: string): Reference {
  const base = `file:///${from}`;
  const url = new URL(ref, base);
  const definition = /^#\/definitions\/(\w+)$/.exec(url.hash)?.[1] ?? null;
  invariant(definition !== null || url.hash === '', `${from}: ${ref} names a definition or a whole file`);
  return { path: url.pathname.slice(1), definition };
}

/** The schema without what tells people of it: those members are the contract's, not the validator's. */
export function withoutStory(schema: JsonObject): JsonObject {
  const story = new Set(['$schema', '$id', 'title', 'current_state', 'gap', 'next_phase', 'definitions']);
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !story.has(key)));
}

/** A contract that is no schema. */
export async function readContract(contractsFolder: URL, path: string): Promise<JsonObject> {
  const contract = parseJson(await readFile(new URL(path, contractsFolder), 'utf8'));
  invariant(isJsonObject(contract), `contracts/${path} is an object`);
  return contract;
}

/** The member of that name, which must be an object. */
export function objectIn(parent: JsonObject, name: string): JsonObject {
  const member = parent[name];
  invariant(isJsonObject(member), `${name} is an object`);
  return member;
}
