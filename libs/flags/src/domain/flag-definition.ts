import { type Fault, type JsonObject, type JsonValue, LIMITS, parseInstant } from '#libs/kernel';
import { below, Fields, isJsonObject } from './fields.ts';
import { FLAG_STATES, type Flag, type FlagDefinition, type FlagValue, LIFECYCLES, type Surface } from './flag.ts';
import { flagRuleFaults } from './flag-rules.ts';

const NAME_LENGTH = 256;

const MEMBERS = new Set([
  'key',
  'state',
  'variants',
  'defaultVariant',
  'targeting',
  'metadata',
  'sensitive_flag',
  'requires_approval',
  'off_variant',
  'approval_matrix_row',
  'owner',
  'description',
  'lifecycle',
  'expected_lifetime_days',
  'surface',
  'created_at',
  'version',
]);

/**
 * Reads one definition of a registry document: its shape, then the rules that no schema says.
 * @returns null when there was a fault, which is then in `faults`
 */
export function parseDefinition(
  key: string,
  value: JsonValue,
  pointer: string,
  faults: Fault[],
): FlagDefinition | null {
  const before = faults.length;
  if (!isFlagKey(key))
    faults.push({ pointer, detail: `a flag key has 1 to ${LIMITS.flagKeyLength} printable characters` });
  if (!isJsonObject(value)) {
    faults.push({ pointer, detail: 'a flag definition must be an object' });
    return null;
  }
  const fields = new Fields(value, pointer, faults);
  fields.only(MEMBERS);
  if (value['key'] !== undefined && value['key'] !== key)
    fields.fault('key', `"key" must be ${JSON.stringify(key)}, as its place says`);
  const definition: FlagDefinition = {
    key,
    state: fields.choice('state', FLAG_STATES, null) ?? 'DISABLED',
    variants: parseVariants(fields.any('variants'), below(pointer, 'variants'), faults),
    defaultVariant: fields.requiredText('defaultVariant', NAME_LENGTH),
    targeting: fields.object('targeting'),
    metadata: parseMetadata(fields, faults, pointer),
    sensitive_flag: fields.flag('sensitive_flag'),
    requires_approval: fields.flag('requires_approval'),
    off_variant: fields.text('off_variant', NAME_LENGTH),
    approval_matrix_row: fields.text('approval_matrix_row', NAME_LENGTH),
    owner: fields.text('owner', NAME_LENGTH),
    description: fields.text('description', LIMITS.reasonLength),
    lifecycle: fields.choice('lifecycle', LIFECYCLES, 'active') ?? 'active',
    expected_lifetime_days: fields.positiveInteger('expected_lifetime_days', 36_525),
    surface: parseSurface(fields.object('surface'), below(pointer, 'surface'), faults),
    created_at: parseCreatedAt(fields),
    version: fields.positiveInteger('version'),
  };
  if (faults.length > before) return null;
  const broken = flagRuleFaults(definition, pointer);
  faults.push(...broken);
  return broken.length === 0 ? definition : null;
}

/** Any key that flagd takes, within bounds: imported registries need not follow our own naming. */
export function isFlagKey(key: string): boolean {
  return key.length <= LIMITS.flagKeyLength && key !== '__proto__' && /^[^\p{Cc}\p{Cs}]+$/u.test(key);
}

/** The definition as a registry document has it: without what is null or the default, so that people can read it. */
export function definitionDocument(flag: Flag): JsonObject {
  const { key: _key, ...members } = flag;
  return Object.fromEntries(
    Object.entries<JsonValue>(members).filter(([, value]) => value !== null && value !== false),
  );
}

function parseVariants(
  value: JsonValue | undefined,
  pointer: string,
  faults: Fault[],
): Readonly<Record<string, FlagValue>> {
  if (!isJsonObject(value) || Object.keys(value).length === 0) {
    faults.push({ pointer, detail: 'a flag needs at least one variant: {"on": true, "off": false}' });
    return {};
  }
  const variants: [string, FlagValue][] = [];
  for (const [name, candidate] of Object.entries(value)) {
    if (name === '' || name.length > NAME_LENGTH || name === '__proto__') {
      faults.push({ pointer: below(pointer, name), detail: `a variant's name has 1 to ${NAME_LENGTH} characters` });
    } else if (typeof candidate !== 'object' || isJsonObject(candidate)) {
      variants.push([name, candidate]);
    } else {
      faults.push({ pointer: below(pointer, name), detail: 'a variant is a boolean, a text, a number or an object' });
    }
  }
  return Object.fromEntries(variants);
}

function parseSurface(value: JsonObject | null, pointer: string, faults: Fault[]): Surface | null {
  if (value === null) return null;
  const fields = new Fields(value, pointer, faults);
  fields.only(new Set(['runtime', 'current_gate']));
  return {
    runtime: fields.requiredText('runtime', NAME_LENGTH),
    current_gate: fields.requiredText('current_gate', NAME_LENGTH),
  };
}

/** flagd's own: what tools show beside a flag, so only plain values. */
function parseMetadata(fields: Fields, faults: Fault[], pointer: string): JsonObject | null {
  const metadata = fields.object('metadata');
  for (const [name, value] of Object.entries(metadata ?? {})) {
    if (typeof value === 'object') {
      faults.push({
        pointer: below(below(pointer, 'metadata'), name),
        detail: 'metadata is a text, number or boolean',
      });
    }
  }
  return metadata;
}

function parseCreatedAt(fields: Fields): string | null {
  const text = fields.text('created_at', 64);
  if (text === null || parseInstant(text) !== null) return text;
  fields.fault('created_at', '"created_at" must be an RFC 3339 date-time');
  return null;
}
