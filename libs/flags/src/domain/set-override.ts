import {
  type AuditEntry,
  type Decision,
  type Instant,
  type OutboxMessage,
  parseInstant,
  PttError,
  toIso,
  type Transaction,
  unchanged,
} from '#libs/kernel';
import { type Flag, type FlagValue, valueOf, variantWithValue } from './flag.ts';
import { invalidateKey, overrideCacheKey } from './invalidation.ts';
import { type Override, type OverrideKey, overrideRowKey } from './override.ts';

/** What an override is to be: by value or by the name of a variant. */
export type Choice = { readonly value: FlagValue } | { readonly variant: string };

export interface OverrideRequest {
  readonly key: OverrideKey;
  readonly choice: Choice;
  readonly reason: string;
  /** RFC 3339; null when it has no end. */
  readonly expiresAt: string | null;
  /** The version that the caller saw; null without `If-Match`. */
  readonly ifMatch: number | null;
  readonly setBy: string;
}

/** What the change starts from, as it is when the change is made. */
export interface OverrideState {
  readonly flag: Flag | null;
  readonly override: Override | null;
}

/**
 * Sets the override, unless it is already just that.
 * @throws PttError flag_not_found, version_mismatch, value_not_a_variant, invalid_field, expiry_in_past
 */
export function decideSetOverride(
  { flag, override }: OverrideState,
  request: OverrideRequest,
  tx: Transaction,
): Decision<Override, Override> {
  const { key, reason, setBy } = request;
  if (flag === null) throw flagNotFoundError(key.flag_key, '#/path/flag_key');
  requireVersion(override, request.ifMatch);
  const variant = chosenVariant(flag, request.choice);
  const expires_at = chosenExpiry(request.expiresAt, tx.at);
  const next = overrideSetTo({ ...key, variant, reason, expires_at }, override, setBy, tx);
  if (next === override) return unchanged(next);
  return {
    answer: next,
    changes: [{ key: overrideRowKey(key), version: next.version, row: next }],
    records: [overrideRecord('override.set', key, override, next)],
    messages: [overrideMessage(tx, key, next.version)],
  };
}

/** Which override is to be what. */
type Setting = OverrideKey & Pick<Override, 'variant' | 'reason' | 'expires_at'>;

/** The override as it is once set; the same object as before when it is just that already. */
export function overrideSetTo(
  { scope, subject_id, flag_key, variant, reason, expires_at }: Setting,
  before: Override | null,
  setBy: string,
  tx: Transaction,
): Override {
  if (before !== null && before.variant === variant && before.reason === reason && before.expires_at === expires_at) {
    return before;
  }
  const setting = { scope, subject_id, flag_key, variant, reason, expires_at };
  return { ...setting, set_by: setBy, set_at: toIso(tx.at), version: tx.nextVersion() };
}

/** @throws PttError version_mismatch when the override is not at that version, or not there */
export function requireVersion(override: Override | null, ifMatch: number | null): void {
  if (ifMatch === null || override?.version === ifMatch) return;
  const found = override === null ? 'there is no such override' : `it is at version ${override.version}`;
  throw new PttError('version_mismatch', {
    detail: `If-Match names version ${ifMatch}, but ${found}. Read it again and decide anew.`,
    pointer: '#/header/If-Match',
  });
}

export function flagNotFoundError(flagKey: string, pointer: string): PttError {
  return new PttError('flag_not_found', {
    detail: `There is no flag ${JSON.stringify(flagKey)} in the registry.`,
    pointer,
  });
}

export function overrideRecord(
  action: 'override.set' | 'override.removed',
  key: OverrideKey,
  before: Override | null,
  after: Override | null,
): AuditEntry {
  return {
    action,
    target: { type: 'override', id: overrideRowKey(key) },
    ...(key.scope === 'tenant' ? { tenantId: key.subject_id } : {}),
    ...(before === null ? {} : { before: { ...before } }),
    ...(after === null ? {} : { after: { ...after }, reason: after.reason }),
    outcome: 'accepted',
  };
}

export function overrideMessage(tx: Transaction, key: OverrideKey, version: number): OutboxMessage {
  return invalidateKey(tx, {
    namespace: 'override',
    key: overrideCacheKey(key),
    version,
    trigger: 'override_mutation',
  });
}

function chosenVariant(flag: Flag, choice: Choice): string {
  const found =
    'variant' in choice
      ? valueOf(flag, choice.variant) === undefined
        ? null
        : choice.variant
      : variantWithValue(flag, choice.value);
  if (found !== null) return found;
  const names = Object.keys(flag.variants).slice(0, 20).join(', ');
  throw new PttError('value_not_a_variant', {
    detail: `${flag.key} has no such variant; it has ${names}.`,
    pointer: 'variant' in choice ? '/variant' : '/value',
  });
}

function chosenExpiry(text: string | null, at: Instant): string | null {
  if (text === null) return null;
  const end = parseInstant(text);
  if (end === null) {
    throw new PttError('invalid_field', {
      detail: '"expires_at" must be an RFC 3339 date-time, e.g. 2027-01-31T00:00:00Z.',
      pointer: '/expires_at',
    });
  }
  if (end <= at) {
    throw new PttError('expiry_in_past', {
      detail: `The override would have ended at ${toIso(end)}, and it is ${toIso(at)}. Give a later expires_at or none.`,
      pointer: '/expires_at',
    });
  }
  return toIso(end);
}
