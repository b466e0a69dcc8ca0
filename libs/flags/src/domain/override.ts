import { type Instant, parseInstant } from '#libs/kernel';
import { type Flag, type FlagValue, valueOf } from './flag.ts';

export const OVERRIDE_SCOPES = ['tenant', 'user'] as const;
export type OverrideScope = (typeof OVERRIDE_SCOPES)[number];

/** What an override is for; there is one per key. */
export interface OverrideKey {
  readonly scope: OverrideScope;
  /** The tenant's or the user's id. */
  readonly subject_id: string;
  readonly flag_key: string;
}

/** A value that one tenant or one user gets instead of the flag's own. Plain JSON, journalled as it is. */
export interface Override extends OverrideKey {
  /** The flag's variant of this name; the override no longer fits its flag when there is none. */
  readonly variant: string;
  readonly reason: string;
  /** RFC 3339 in UTC with milliseconds; null when it has no end. */
  readonly expires_at: string | null;
  readonly set_by: string;
  readonly set_at: string;
  readonly version: number;
}

/** An override as evaluation reads it, its end already read from the text. */
export interface HeldOverride {
  readonly override: Override;
  /** The first instant at which it no longer counts; Infinity when it has no end. */
  readonly endsAt: Instant;
}

export function heldOverride(override: Override): HeldOverride {
  return { override, endsAt: endOf(override) };
}

/** An end that cannot be read has passed: what nobody can date must not stay on. */
function endOf({ expires_at }: Override): Instant {
  return expires_at === null ? Infinity : (parseInstant(expires_at) ?? -Infinity);
}

/** The row's key in its store: every part percent-encoded, so that no two overrides share one. */
export function overrideRowKey({ scope, subject_id, flag_key }: OverrideKey): string {
  return `${scope}:${encodeURIComponent(subject_id)}:${encodeURIComponent(flag_key)}`;
}

/** An override as callers see it, with what its variant stands for now. */
export interface OverrideView extends Override {
  /** Null where the override no longer fits its flag. */
  readonly value: FlagValue | null;
}

export function overrideView(override: Override, flag: Flag | null): OverrideView {
  return { ...override, value: flag === null ? null : (valueOf(flag, override.variant) ?? null) };
}

/** The parts of a row key; null when it is none. */
export function overrideKeyOf(rowKey: string): OverrideKey | null {
  const [scopePart, subject, flag, ...others] = rowKey.split(':');
  const scope = OVERRIDE_SCOPES.find((one) => one === scopePart);
  if (scope === undefined || subject === undefined || flag === undefined || others.length > 0) return null;
  return { scope, subject_id: decodeURIComponent(subject), flag_key: decodeURIComponent(flag) };
}
