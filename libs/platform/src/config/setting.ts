import { formatListenAddress, parseListenAddress, type ListenAddress } from './address.ts';

/** The profiles of this version; `2c` is known and refused. */
export const PROFILES = ['2b', 'sim'] as const;
export type Profile = (typeof PROFILES)[number];

/** The layer that a setting belongs to, as the table of layers and profiles names it. */
export type Layer =
  | 'profile'
  | 'store'
  | 'cache'
  | 'bus'
  | 'gate'
  | 'audit'
  | 'identity'
  | 'signing'
  | 'http'
  | 'telemetry';

/** A text that was read, or why it cannot be. */
export type Read<T> = { readonly value: T } | { readonly fault: string };

/** One row of the table of settings: all there is to know about one environment variable. */
export interface Setting<T> {
  readonly name: string;
  readonly layer: Layer;
  readonly description: string;
  /** What the text must look like, in words: `file`, `on | read-only`, `host:port`. */
  readonly type: string;
  /** `ms`, or null where the value has none. */
  readonly unit: string | null;
  /** True when the value is never shown. */
  readonly secret: boolean;
  /** What holds when the variable is not set; the same in every profile, or one for each. */
  readonly default: { readonly always: T } | { readonly byProfile: Readonly<Record<Profile, T>> };
  read(text: string): Read<T>;
  show(value: T): string;
}

type Described<T> = Pick<Setting<T>, 'name' | 'layer' | 'description' | 'default'>;

/** One of a closed set. What is planned and not there yet is refused in its own words. */
export function choice<T extends string>(
  row: Described<T> & { readonly values: readonly T[]; readonly notBuilt?: readonly string[] },
): Setting<T> {
  const { values, notBuilt = [], ...described } = row;
  return {
    ...described,
    type: values.join(' | '),
    unit: null,
    secret: false,
    read: (text) => {
      const value = values.find((known) => known === text);
      if (value !== undefined) return { value };
      const offer = values.length === 1 ? `only ${values.join()} is` : `${values.join(', ')} are`;
      if (notBuilt.includes(text)) return { fault: `${text} is not built yet in this version; ${offer}` };
      return { fault: `${JSON.stringify(text)} is not known here; set one of ${values.join(', ')}` };
    },
    show: (value) => value,
  };
}

/** A whole number between two bounds. */
export function whole(
  row: Described<number> & { readonly unit: string; readonly min: number; readonly max: number },
): Setting<number> {
  const { min, max, ...described } = row;
  return {
    ...described,
    type: `whole number, ${String(min)} to ${String(max)}`,
    secret: false,
    read: (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return { value };
      return {
        fault: `${JSON.stringify(text)} is not a whole number from ${String(min)} to ${String(max)} (${row.unit})`,
      };
    },
    show: String,
  };
}

/** `host:port`, where `allowed` may refuse an address with its reason. */
export function listen(
  row: Described<ListenAddress> & { readonly allowed?: (address: ListenAddress) => string | null },
): Setting<ListenAddress> {
  const { allowed = () => null, ...described } = row;
  return {
    ...described,
    type: 'host:port',
    unit: null,
    secret: false,
    read: (text) => {
      const value = parseListenAddress(text);
      if (value === null) {
        return {
          fault: `${JSON.stringify(text)} is no host:port, such as 127.0.0.1:7080 or [::1]:7080 (port 0 picks a free one)`,
        };
      }
      const refusal = allowed(value);
      return refusal === null ? { value } : { fault: refusal };
    },
    show: formatListenAddress,
  };
}

/** An http or https URL without credentials, query or fragment; kept without a slash at its end. */
export function url(row: Described<string | null>): Setting<string | null> {
  return {
    ...row,
    type: 'URL',
    unit: null,
    secret: false,
    read: (text) => {
      const parsed = URL.canParse(text) ? new URL(text) : null;
      const isPlain =
        parsed !== null &&
        (parsed.protocol === 'http:' || parsed.protocol === 'https:') &&
        parsed.username + parsed.password + parsed.search + parsed.hash === '';
      if (!isPlain) return { fault: 'is no http or https URL without credentials, query and fragment' };
      return { value: text.replace(/\/+$/, '') };
    },
    show: (value) => value ?? '',
  };
}

/** A text that a pattern describes. */
export function matching<T extends string | null>(
  row: Described<string | T> & { readonly type: string; readonly pattern: RegExp; readonly secret?: boolean },
): Setting<string | T> {
  const { pattern, secret = false, ...described } = row;
  return {
    ...described,
    unit: null,
    secret,
    read: (found) => (pattern.test(found) ? { value: found } : { fault: `is not ${row.type}` }),
    show: (value) => value ?? '',
  };
}
