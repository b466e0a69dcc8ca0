import { validators } from '#libs/contracts';
import type { JsonValue } from '#libs/kernel';
import type { FlagDefinition } from '../domain/flag.ts';
import { overridesInvalid, parseOverrides, type StatedOverride } from '../domain/override-document.ts';
import { parseRegistry, registryInvalid } from '../domain/registry-document.ts';

/**
 * A registry document as contracts/files/registry.schema.json says, and as the rules that no schema says.
 * @throws PttError registry_invalid with all faults, each with its JSON pointer
 */
export function readRegistry(document: JsonValue): readonly FlagDefinition[] {
  const faults = validators.registry.faultsOf(document);
  if (faults.length > 0) throw registryInvalid(faults);
  return parseRegistry(document);
}

/**
 * A document of overrides as contracts/files/override_examples.schema.json says.
 * @throws PttError registry_invalid with all faults, each with its JSON pointer
 */
export function readOverrides(document: JsonValue): readonly StatedOverride[] {
  const faults = validators.overrideExamples.faultsOf(document);
  if (faults.length > 0) throw overridesInvalid(faults);
  return parseOverrides(document);
}
