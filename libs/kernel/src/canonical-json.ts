import { hash } from 'node:crypto';
import canonicalizeStrictly from 'canonicalize';
import { invariant } from './invariant.ts';
import type { JsonValue } from './json.ts';

/**
 * The one byte sequence of a JSON value: RFC 8785 (JSON Canonicalization Scheme).
 * @throws when the value holds what JSON cannot carry (NaN, Infinity, a lone surrogate).
 */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalizeStrictly(value);
  invariant(text !== undefined, 'a JSON value has a canonical form');
  return text;
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data);
}
