import { type Fault, type JsonObject, type JsonValue, LIMITS, PttError } from '#libs/kernel';
import { below, Fields, isJsonObject } from './fields.ts';
import type { Flag, FlagDefinition } from './flag.ts';
import { definitionDocument, parseDefinition } from './flag-definition.ts';

const MEMBERS = new Set(['$schema', 'flags']);

/**
 * The flags of a registry document: flagd's format, `{"flags": {key: definition}}`, with our own members.
 * @throws PttError registry_invalid with all faults, each with its JSON pointer
 */
export function parseRegistry(document: JsonValue): readonly FlagDefinition[] {
  const faults: Fault[] = [];
  const flags = readFlags(document, faults);
  if (faults.length > 0) throw registryInvalid(faults);
  return flags;
}

export function registryInvalid(faults: readonly Fault[], detail?: string): PttError {
  const named = faults.slice(0, LIMITS.faultsPerAnswer);
  const [first] = named;
  return new PttError('registry_invalid', {
    detail:
      detail ??
      `The registry has ${faults.length} fault(s), the first at ${first?.pointer}: ${first?.detail}. Nothing was changed.`,
    ...(first === undefined ? {} : { pointer: first.pointer }),
    faults: named,
  });
}

/** Reads a flag as the store keeps it. @throws PttError registry_invalid */
export function parseFlagRow(value: JsonValue): Flag {
  const key = isJsonObject(value) ? value['key'] : null;
  if (typeof key !== 'string') throw registryInvalid([{ pointer: '/key', detail: 'a stored flag has a key' }]);
  const faults: Fault[] = [];
  const definition = parseDefinition(key, value, '', faults);
  if (definition === null) throw registryInvalid(faults);
  const { created_at, version } = definition;
  if (created_at !== null && version !== null) return { ...definition, created_at, version };
  throw registryInvalid([{ pointer: '/version', detail: 'a stored flag has created_at and version' }]);
}

/** The document of these flags; a flagd tool can read its `flags`. */
export function registryDocument(flags: readonly Flag[]): { readonly flags: JsonObject } {
  return { flags: Object.fromEntries(flags.map((flag) => [flag.key, definitionDocument(flag)])) };
}

function readFlags(document: JsonValue, faults: Fault[]): readonly FlagDefinition[] {
  if (!isJsonObject(document)) {
    faults.push({ pointer: '', detail: 'a registry is an object: {"flags": {…}}' });
    return [];
  }
  new Fields(document, '', faults).only(MEMBERS);
  const flags = document['flags'];
  if (!isJsonObject(flags)) {
    faults.push({ pointer: '/flags', detail: '"flags" must be an object of definitions by flag key' });
    return [];
  }
  const entries = Object.entries(flags);
  if (entries.length > LIMITS.registryFlags) {
    faults.push({ pointer: '/flags', detail: `a registry has at most ${LIMITS.registryFlags} flags` });
    return [];
  }
  return entries.flatMap(([key, value]) => parseDefinition(key, value, below('/flags', key), faults) ?? []);
}
