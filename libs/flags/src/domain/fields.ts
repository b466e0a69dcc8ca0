import type { Fault, JsonObject, JsonValue } from '#libs/kernel';
import { isRecord } from '#libs/kernel';

/** A JSON pointer (RFC 6901) one step deeper. */
export function below(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** True for a JSON object; its members are JSON values because it came from one. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isRecord(value);
}

/** Reads the members of one JSON object by type, and notes each fault with its pointer instead of throwing. */
export class Fields {
  readonly #object: JsonObject;
  readonly #pointer: string;
  readonly #faults: Fault[];

  constructor(object: JsonObject, pointer: string, faults: Fault[]) {
    this.#object = object;
    this.#pointer = pointer;
    this.#faults = faults;
  }

  /** Notes a fault at a member. */
  fault(name: string, detail: string): void {
    this.#faults.push({ pointer: below(this.#pointer, name), detail });
  }

  /** Notes every member that is none of these. */
  only(names: ReadonlySet<string>): void {
    for (const name of Object.keys(this.#object)) {
      if (!names.has(name)) this.fault(name, `"${name}" is not known here; remove it`);
    }
  }

  /** A text of 1 to `maxLength` UTF-16 units; null when absent, null or at fault. */
  text(name: string, maxLength: number): string | null {
    const value = this.#object[name];
    if (value === undefined || value === null) return null;
    if (typeof value === 'string' && value !== '' && value.length <= maxLength && value.isWellFormed()) return value;
    this.fault(name, `"${name}" must be a text of 1 to ${maxLength} characters`);
    return null;
  }

  requiredText(name: string, maxLength: number): string {
    const value = this.#object[name];
    if (value === undefined || value === null) this.fault(name, `"${name}" is required`);
    return this.text(name, maxLength) ?? '';
  }

  flag(name: string): boolean {
    const value = this.#object[name];
    if (value === undefined) return false;
    if (typeof value === 'boolean') return value;
    this.fault(name, `"${name}" must be true or false`);
    return false;
  }

  /** One of a closed set; `fallback` when absent, required when there is none. */
  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice | null): Choice | null {
    const value = this.#object[name];
    if (value === undefined && fallback !== null) return fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.fault(name, `"${name}" must be one of ${choices.join(', ')}`);
    return found ?? null;
  }

  positiveInteger(name: string, max: number = Number.MAX_SAFE_INTEGER): number | null {
    const value = this.#object[name];
    if (value === undefined || value === null) return null;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= max) return value;
    this.fault(name, `"${name}" must be a whole number from 1 to ${max}`);
    return null;
  }

  object(name: string): JsonObject | null {
    const value = this.#object[name];
    if (value === undefined || value === null) return null;
    if (isJsonObject(value)) return value;
    this.fault(name, `"${name}" must be an object`);
    return null;
  }

  any(name: string): JsonValue | undefined {
    return this.#object[name];
  }
}
