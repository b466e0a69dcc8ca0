import { type Envelope, isRecord, type JsonObject } from '#libs/kernel';

// Rows are read here as what they are on disk, not through the code that wrote them.

/** A member's text; of anything else its JSON, to be shown. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

/** By which call a record came to be. */
export function correlationOf({ event }: Envelope): string {
  const { data } = event;
  return isRecord(data) ? textOf(data['correlation_id']) : '';
}

/** A value's members; none of what has none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly JsonObject[] {
  return isList(value) ? value : [];
}

/** A row as its journal line has it. */
export function objectOf(row: unknown): JsonObject {
  const read: unknown = JSON.parse(JSON.stringify(row));
  return isObject(read) ? read : {};
}

/** Whether two rows say the same, in whatever order. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => isSameJson(item, other[at]));
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameJson(one[name], other[name]))
  );
}

function isObject(value: unknown): value is JsonObject {
  return isRecord(value);
}

function isList(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value);
}
