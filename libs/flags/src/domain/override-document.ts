import { type Fault, type JsonObject, type JsonValue, LIMITS, parseInstant, PttError, toIso } from '#libs/kernel';
import { below, Fields, isJsonObject } from './fields.ts';
import { type Flag, variantWithValue } from './flag.ts';
import type { Choice } from './set-override.ts';
import { type Override, OVERRIDE_SCOPES, overrideRowKey } from './override.ts';

/** An override as a document states it. */
export interface StatedOverride extends Omit<Override, 'variant' | 'set_by' | 'set_at' | 'version'> {
  readonly choice: Choice;
  /** Where it stands in its document. */
  readonly pointer: string;
  /** These three count only in a document that the store itself wrote. */
  readonly set_by: string | null;
  readonly set_at: string | null;
  readonly version: number | null;
}

/** What an override is to be, once its value is traced to a variant. */
export type ResolvedOverride = Pick<
  Override,
  'scope' | 'subject_id' | 'flag_key' | 'variant' | 'reason' | 'expires_at'
>;

const LISTS = { tenant: 'tenant_overrides', user: 'user_overrides' } as const;
const MEMBERS = new Set(['$schema', 'tenant_overrides', 'user_overrides']);
const ROW_MEMBERS = new Set([
  'subject_id',
  'flag_key',
  'value',
  'variant',
  'reason',
  'expires_at',
  'set_by',
  'set_at',
  'version',
]);

/**
 * The overrides of a document `{"tenant_overrides": […], "user_overrides": […]}`.
 * @throws PttError registry_invalid with all faults, each with its JSON pointer
 */
export function parseOverrides(document: JsonValue): readonly StatedOverride[] {
  const faults: Fault[] = [];
  const overrides = readOverrides(document, faults);
  if (faults.length > 0) throw overridesInvalid(faults);
  return overrides;
}

/**
 * Traces values to variants. A variant that its flag does not have is kept as stated: it is passed over at evaluation,
 * as long as it does not fit.
 * @throws PttError registry_invalid where a value is none of its flag's variants
 */
export function resolveOverrides(
  stated: readonly StatedOverride[],
  flagOf: (key: string) => Flag | undefined,
): readonly ResolvedOverride[] {
  const faults: Fault[] = [];
  const resolved = stated.flatMap(({ scope, subject_id, flag_key, reason, expires_at, choice, pointer }) => {
    const flag = flagOf(flag_key);
    const found = 'value' in choice && flag !== undefined ? variantWithValue(flag, choice.value) : null;
    const variant = 'variant' in choice ? choice.variant : found;
    if (variant !== null) return [{ scope, subject_id, flag_key, variant, reason, expires_at }];
    faults.push({ pointer: below(pointer, 'value'), detail: 'the value is none of the variants of its flag' });
    return [];
  });
  if (faults.length > 0) throw overridesInvalid(faults);
  return resolved;
}

export function overridesInvalid(faults: readonly Fault[]): PttError {
  return new PttError('registry_invalid', {
    detail: `The overrides have ${faults.length} fault(s). Nothing was changed.`,
    faults: faults.slice(0, LIMITS.faultsPerAnswer),
  });
}

/** Reads an override as the store keeps it. @throws PttError registry_invalid */
export function parseOverrideRow(value: JsonValue): Override {
  const faults: Fault[] = [];
  const fields = new Fields(isJsonObject(value) ? value : {}, '', faults);
  const row: Override = {
    scope: fields.choice('scope', OVERRIDE_SCOPES, null) ?? 'tenant',
    subject_id: fields.requiredText('subject_id', LIMITS.subjectIdLength),
    flag_key: fields.requiredText('flag_key', LIMITS.flagKeyLength),
    variant: fields.requiredText('variant', 256),
    reason: fields.requiredText('reason', LIMITS.reasonLength),
    expires_at: readInstant(fields, 'expires_at'),
    set_by: fields.requiredText('set_by', LIMITS.subjectIdLength),
    set_at: fields.requiredText('set_at', 64),
    version: fields.positiveInteger('version') ?? 0,
  };
  if (faults.length > 0) throw overridesInvalid(faults);
  return row;
}

/** The document of these overrides: arrays, since objects keyed by id parse four times slower. */
export function overridesDocument(overrides: readonly Override[]): Readonly<Record<string, readonly JsonObject[]>> {
  return Object.fromEntries(
    OVERRIDE_SCOPES.map((scope) => [
      LISTS[scope],
      overrides.filter((override) => override.scope === scope).map(elementOf),
    ]),
  );
}

/** One object per override, so that whoever writes documents can know it again. */
const ELEMENTS = new WeakMap<Override, JsonObject>();

function elementOf(override: Override): JsonObject {
  const known = ELEMENTS.get(override);
  if (known !== undefined) return known;
  const { scope: _scope, expires_at, ...rest } = override;
  const element = expires_at === null ? rest : { ...rest, expires_at };
  ELEMENTS.set(override, element);
  return element;
}

function readOverrides(document: JsonValue, faults: Fault[]): readonly StatedOverride[] {
  if (!isJsonObject(document)) {
    faults.push({ pointer: '', detail: 'overrides are an object: {"tenant_overrides": […], "user_overrides": […]}' });
    return [];
  }
  new Fields(document, '', faults).only(MEMBERS);
  const seen = new Set<string>();
  return OVERRIDE_SCOPES.flatMap((scope) => {
    const list = document[LISTS[scope]] ?? [];
    const pointer = `/${LISTS[scope]}`;
    if (!Array.isArray(list)) {
      faults.push({ pointer, detail: `"${LISTS[scope]}" must be an array` });
      return [];
    }
    return list.flatMap((value: JsonValue, index): StatedOverride[] => {
      const at = below(pointer, index);
      const stated = readOverride(scope, value, at, faults);
      if (stated === null) return [];
      const key = overrideRowKey(stated);
      if (seen.has(key))
        faults.push({ pointer: at, detail: 'there is an earlier override of this flag for this subject' });
      seen.add(key);
      return [stated];
    });
  });
}

function readOverride(
  scope: Override['scope'],
  value: JsonValue,
  pointer: string,
  faults: Fault[],
): StatedOverride | null {
  if (!isJsonObject(value)) {
    faults.push({ pointer, detail: 'an override must be an object' });
    return null;
  }
  const before = faults.length;
  const fields = new Fields(value, pointer, faults);
  fields.only(ROW_MEMBERS);
  const subject_id = fields.requiredText('subject_id', LIMITS.subjectIdLength);
  const flag_key = fields.requiredText('flag_key', LIMITS.flagKeyLength);
  const reason = fields.requiredText('reason', LIMITS.reasonLength);
  const expires_at = readInstant(fields, 'expires_at');
  const set_by = fields.text('set_by', LIMITS.subjectIdLength);
  const set_at = readInstant(fields, 'set_at');
  const version = fields.positiveInteger('version');
  const choice = readChoice(fields);
  if (choice === null || faults.length > before) return null;
  return { scope, subject_id, flag_key, choice, reason, expires_at, set_by, set_at, version, pointer };
}

function readInstant(fields: Fields, name: string): string | null {
  const text = fields.text(name, 64);
  if (text === null) return null;
  const at = parseInstant(text);
  if (at === null) fields.fault(name, `"${name}" must be an RFC 3339 date-time`);
  return at === null ? null : toIso(at);
}

function readChoice(fields: Fields): Choice | null {
  const variant = fields.text('variant', 256);
  const value = fields.any('value');
  if ((variant === null) === (value === undefined)) {
    fields.fault('value', 'an override states either a value or a variant');
    return null;
  }
  if (variant !== null) return { variant };
  if (value !== undefined && (typeof value !== 'object' || isJsonObject(value))) return { value };
  fields.fault('value', '"value" must be a boolean, a text, a number or an object');
  return null;
}
