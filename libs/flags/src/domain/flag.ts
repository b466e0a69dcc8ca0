import { canonicalJson, type Instant, type JsonObject, type JsonValue, isRecord, parseInstant } from '#libs/kernel';

/** What a flag can answer with, as flagd has it. */
export type FlagValue = boolean | string | number | JsonObject;

export const FLAG_STATES = ['ENABLED', 'DISABLED'] as const;
export const LIFECYCLES = ['active', 'deprecated', 'archived'] as const;

/** Rollout visibility: which runtime shows the surface, and what gates it today. */
export type Surface = {
  readonly runtime: string;
  readonly current_gate: string;
};

/**
 * A flag's definition: flagd's members in flagd's spelling, then this product's own.
 * Plain JSON with every member present, so that it is journalled, compared and served as it is.
 */
export interface Flag {
  readonly key: string;
  readonly state: (typeof FLAG_STATES)[number];
  /** All of one type; at least one. */
  readonly variants: Readonly<Record<string, FlagValue>>;
  readonly defaultVariant: string;
  /** flagd JSONLogic; null or empty when there is none. */
  readonly targeting: JsonObject | null;
  readonly metadata: JsonObject | null;
  readonly sensitive_flag: boolean;
  readonly requires_approval: boolean;
  /** As declared; `offVariantOf` says which one counts. */
  readonly off_variant: string | null;
  readonly approval_matrix_row: string | null;
  readonly owner: string | null;
  readonly description: string | null;
  readonly lifecycle: (typeof LIFECYCLES)[number];
  readonly expected_lifetime_days: number | null;
  readonly surface: Surface | null;
  /** When the store first held it; RFC 3339. */
  readonly created_at: string;
  readonly version: number;
}

/** What a registry document says of a flag: all but what the store adds. */
export type FlagDefinition = Omit<Flag, 'created_at' | 'version'> & {
  /** Null where the document leaves it to the store. */
  readonly created_at: string | null;
  /** Counts only in a document that the store itself wrote. */
  readonly version: number | null;
};

/** True when the flag is served as on only while an approval holds. */
export function isGated(flag: Pick<Flag, 'sensitive_flag' | 'requires_approval'>): boolean {
  return flag.sensitive_flag || flag.requires_approval;
}

/** True when nothing is consulted for it any more. */
export function isOutOfService(flag: Flag): boolean {
  return flag.state === 'DISABLED' || flag.lifecycle === 'archived';
}

/** True when there is a rule to evaluate; flagd takes an empty rule for none. */
export function hasTargeting(flag: Pick<Flag, 'targeting'>): boolean {
  return flag.targeting !== null && Object.keys(flag.targeting).length > 0;
}

/** The value of a variant; undefined when the flag has no variant of that name. */
export function valueOf(flag: Pick<Flag, 'variants'>, variant: string): FlagValue | undefined {
  const value = flag.variants[variant];
  // What every object inherits is a function or an object, so plain values need no second look: it is 40 % of an
  // evaluation's time.
  if (typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number') return value;
  return Object.hasOwn(flag.variants, variant) ? value : undefined;
}

/** The first variant of that value, in the definition's order; null when there is none. Objects are equal by content. */
export function variantWithValue(flag: Pick<Flag, 'variants'>, value: JsonValue): string | null {
  for (const [variant, candidate] of Object.entries(flag.variants)) {
    if (candidate === value) return variant;
    if (isRecord(candidate) && isRecord(value) && canonicalJson(candidate) === canonicalJson(value)) return variant;
  }
  return null;
}

/** The variant that a denied gate answers: the declared one, else for a boolean flag the one that is `false`. */
export function offVariantOf(flag: Pick<Flag, 'variants' | 'off_variant'>): string | null {
  return flag.off_variant ?? variantWithValue(flag, false);
}

/** True from the first instant after the flag's expected lifetime on; false where none is declared. */
export function isStale(flag: Pick<Flag, 'expected_lifetime_days' | 'created_at'>, at: Instant): boolean {
  const since = parseInstant(flag.created_at);
  if (flag.expected_lifetime_days === null || since === null) return false;
  return at > since + flag.expected_lifetime_days * 86_400_000;
}
