import {
  type Fault,
  type Instant,
  type JsonObject,
  type JsonValue,
  LIMITS,
  isRecord,
  parseInstant,
} from '#libs/kernel';

// U+0000 to U+001F and U+007F, as contracts/common.schema.json has it; tab and line ends are a text's own.
const NOT_IN_ID = /[^\P{Cc}\u0080-\u009f]/u;
const NOT_IN_TEXT = /[^\P{Cc}\u0080-\u009f\t\n\r]/u;

/** Whether a text may name somebody or something, as the field reader sees it. */
export function isId(text: string): boolean {
  return complaintOf(text, { maxLength: LIMITS.subjectIdLength, forbidden: NOT_IN_ID, shape: undefined }) === null;
}

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

  /** Who or what somebody is: 1 to 256 UTF-16 units with no control character, of that shape if one is given. */
  id(name: string, shape?: RegExp): string {
    return this.#string(name, LIMITS.subjectIdLength, NOT_IN_ID, shape);
  }

  /** As `id`, null when absent. */
  optionalId(name: string): string | null {
    return this.value(name) === undefined ? null : this.id(name);
  }

  /** What somebody wrote: 1 to 2,000 UTF-16 units, with no control character but tab and line ends. */
  text(name: string): string {
    return this.#string(name, LIMITS.reasonLength, NOT_IN_TEXT);
  }

  /** As `text`, null when absent. */
  optionalText(name: string): string | null {
    return this.value(name) === undefined ? null : this.text(name);
  }

  #string(name: string, maxLength: number, forbidden: RegExp, shape?: RegExp): string {
    const value = this.value(name);
    const complaint = complaintOf(value, { maxLength, forbidden, shape });
    if (complaint !== null) this.fault(name, complaint);
    return typeof value === 'string' ? value : '';
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

  /** A list of different ids. */
  ids(name: string): readonly string[] {
    const ids: string[] = [];
    for (const [index, value] of this.list(name).entries()) {
      const complaint = complaintOf(value, {
        maxLength: LIMITS.subjectIdLength,
        forbidden: NOT_IN_ID,
        shape: undefined,
      });
      const pointer = `${this.at(name)}/${index}`;
      if (complaint !== null) this.faults.push({ pointer, detail: complaint });
      if (typeof value !== 'string') continue;
      if (ids.includes(value)) this.faults.push({ pointer, detail: `${value} is there twice` });
      ids.push(value);
    }
    return ids;
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

interface TextShape {
  readonly maxLength: number;
  readonly forbidden: RegExp;
  readonly shape: RegExp | undefined;
}

function complaintOf(value: JsonValue | undefined, { maxLength, forbidden, shape }: TextShape): string | null {
  if (value === undefined) return 'is required';
  if (typeof value !== 'string') return 'must be a text';
  if (value.length === 0 || value.length > maxLength) return `must have 1 to ${maxLength} characters`;
  // U+0000 has no place in PostgreSQL's text, and a lone surrogate none in canonical JSON.
  if (!value.isWellFormed() || forbidden.test(value)) return 'must be well-formed Unicode without control characters';
  if (shape !== undefined && !shape.test(value)) return `must match ${shape.source}`;
  return null;
}
