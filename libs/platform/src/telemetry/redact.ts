import { PttError } from '#libs/kernel';

const HIDDEN = '[redacted]';
/** Names whose values are secrets wherever they stand: headers, claims, settings. */
const TELLING = /authorization|cookie|secret|password|private[-_]?key|token(?!s?[-_]?(?:count|file|id)$)/i;
/** A token inside a text: a JWT, or whatever follows `Bearer`. */
const TOKENS = /\beyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*|(?<=\bBearer\s+)[A-Za-z0-9._~+/=-]+/gi;
/** Deeper than any line needs; also the end of cycles. */
const DEPTH = 6;
const TEXT_LENGTH = 8_192;

/** What may be logged of a value: no secret, no token, no endless structure, errors with their stack and cause. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.slice(0, TEXT_LENGTH).replaceAll(TOKENS, HIDDEN);
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH) return '[…]';
  if (isError(value)) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (value instanceof Set) return redact([...value], depth);
  if (value instanceof Map) return redact([...value], depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, TELLING.test(name) ? HIDDEN : redact(member, depth + 1)]),
  );
}

/** An error by its shape: one of another realm is no `instanceof Error`. */
function isError(value: object): value is Error {
  return 'stack' in value && 'message' in value && typeof value.message === 'string';
}

function redactError(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error;
  return {
    name,
    message: redact(message, depth),
    ...('code' in error ? { code: error.code } : {}),
    ...(error instanceof PttError && error.faults.length > 0 ? { faults: error.faults } : {}),
    stack: redact(stack, depth),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  };
}
