import { type Fault, type Instant, type JsonObject, type JsonValue, LIMITS, isRecord, parseInstant } from '#libs/kernel';

/** One member of a JSON pointer (RFC 6901), with its two characters escaped. */
function pointerMember(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/**
 * Reads one JSON object field by field. Every fault is remembered with its pointer, so that a file is told
 * all that is wrong with it at once; what a faulty field gave is a blank that is never looked at.
 */
export class Fields {
  readonly #object: JsonObject;
  readonly #known = new Set<string>();

  private constructor(
    object: JsonObject,
    readonly pointer: string,
    readonly faults: Fault[],
  ) {
    this.#object = object;
  }

  /** The fields of `value`; of an empty object, with a fault, when it is none. */
  static of(value: JsonValue, pointer: string, faults: Fault[]): Fields {
    if (isRecord(value)) return new Fields(value, pointer, faults);
    faults.push({ pointer, detail: 'must be an object' });
    return new Fields({}, pointer, []);
  }

  at(name: string): string {
    return `${this.pointer}/${pointerMember(name)}`;
  }

  fault(name: string, detail: string): void {
    this.faults.push({ pointer: this.at(name), detail });
  }

  /** The raw value; undefined when the object has no such member of its own. */
  value(name: string): JsonValue | undefined {
    this.#known.add(name);
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }

  /** A text of 1 to `maxLength` UTF-16 units that fits `pattern`. */
  text(name: string, maxLength: number = LIMITS.subjectIdLength, pattern?: RegExp): string {
    const value = this.value(name);
    const complaint = complaintOf(value, maxLength, pattern);
    if (complaint !== null) this.fault(name, complaint);
    return typeof value === 'string' ? value : '';
  }

  /** As `text`, null when absent. */
  optionalText(name: string, maxLength?: number): string | null {
    return this.value(name) === undefined ? null : this.text(name, maxLength);
  }

  instant(name: string): Instant {
    const value = this.value(name);
    const at = typeof value === 'string' ? parseInstant(value) : null;
    if (at === null) this.fault(name, 'must be an RFC 3339 instant such as 2026-01-31T12:00:00.000Z');
    return at ?? 0;
  }

  /** As `instant`, null when absent or null. */
  optionalInstant(name: string): Instant | null {
    const value = this.value(name);
    return value === undefined || value === null ? null : this.instant(name);
  }

  integer(name: string, min: number): number {
    const value = this.value(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
    this.fault(name, `must be a whole number from ${min}`);
    return min;
  }

  oneOf<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.value(name);
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) this.fault(name, `must be one of ${choices.join(', ')}`);
    return choice ?? choices[0];
  }

  /** A list; empty, with a fault, when it is none. */
  list(name: string): readonly JsonValue[] {
    const value = this.value(name);
    if (isList(value)) return value;
    this.fault(name, 'must be a list');
    return [];
  }

  /** A list of different texts. */
  texts(name: string, pattern: RegExp): readonly string[] {
    const texts: string[] = [];
    for (const [index, value] of this.list(name).entries()) {
      const complaint = complaintOf(value, LIMITS.subjectIdLength, pattern);
      if (complaint !== null) this.fault(`${name}`, `item ${index} ${complaint}`);
      else if (typeof value === 'string' && texts.includes(value)) this.fault(name, `item ${index} is there twice`);
      if (typeof value === 'string') texts.push(value);
    }
    return texts;
  }

  /** To be called last: what was never asked for is not known here. */
  end(): void {
    for (const name of Object.keys(this.#object)) {
      if (!this.#known.has(name)) this.fault(name, 'is not a known field');
    }
  }
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function complaintOf(value: JsonValue | undefined, maxLength: number, pattern: RegExp | undefined): string | null {
  if (value === undefined) return 'is required';
  if (typeof value !== 'string') return 'must be a text';
  if (value.length === 0 || value.length > maxLength) return `must have 1 to ${maxLength} characters`;
  // Neither has a place in PostgreSQL's text or in canonical JSON.
  if (value.includes('\u0000') || !value.isWellFormed()) return 'must be well-formed Unicode without U+0000';
  if (pattern !== undefined && !pattern.test(value)) return `must match ${pattern.source}`;
  return null;
}
