import { isUtf8 } from 'node:buffer';
import { visit } from 'jsonc-parser';
import { LIMITS, PttError } from '#libs/kernel';
import { pointTo, quoted } from './pointer.ts';

/**
 * Reads a request's bytes as JSON and refuses what no parser below may ever see:
 * bytes that are not UTF-8, nesting beyond the limit, keys that reach for prototypes,
 * and texts or numbers that have no canonical form (U+0000, lone surrogates, 1e999).
 *
 * A small honest body pays for a few native searches over its text (about 0.5 µs beside JSON.parse's 1.5 µs for 160
 * bytes); only a text in which such a search finds something is walked. Walking every value took as long as parsing it.
 *
 * @returns undefined for no bytes at all.
 * @throws PttError `invalid_encoding`, `body_too_deep`, `malformed_json` or `invalid_field`
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) {
    throw new PttError('invalid_encoding', {
      detail: 'the body holds bytes that are not UTF-8; send UTF-8',
      pointer: '#',
    });
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (hasManyBrackets(text) && isTooDeep(text)) {
    const detail = `the body is nested deeper than ${String(LIMITS.jsonDepth)} levels; flatten it`;
    throw new PttError('body_too_deep', { detail, pointer: '#' });
  }
  const value = parse(text);
  if (isSuspicious(text)) refuseUnfit(value);
  return value;
}

/** More opening brackets than levels allowed: only then can a text be too deep. */
function hasManyBrackets(text: string): boolean {
  let found = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      found += 1;
      if (found > LIMITS.jsonDepth) return true;
    }
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** The nesting as JSON would read it: brackets inside texts do not count. Before parsing, so that it bounds the parser too. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInText && code === BACKSLASH) at += 1;
    else if (code === QUOTE) isInText = !isInText;
    else if (!isInText && OPENING.has(code)) depth += 1;
    else if (!isInText && CLOSING.has(code)) depth -= 1;
    if (depth > LIMITS.jsonDepth) return true;
  }
  return false;
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    const { line, column } = firstFault(text);
    const detail = `the body is not JSON: it breaks at line ${String(line)}, column ${String(column)}`;
    throw new PttError('malformed_json', { detail, pointer: '#', extensions: { line, column } });
  }
}

/** Where it breaks, both counted from 1, columns in UTF-16 units. JSON.parse does not always say. */
function firstFault(text: string): { readonly line: number; readonly column: number } {
  let first: number | null = null;
  try {
    visit(text, { onError: (_error, offset) => void (first ??= offset) }, { disallowComments: true });
  } catch {
    // It recurses, and reads brackets behind a text without end as nesting, which the look at the depth does not.
  }
  const before = text.slice(0, first ?? 0).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** An escape could hide any key or character; the rest are the keys themselves and numbers that may be infinite. */
const TRACES = /\\u|__proto__|constructor|prototype|\d[eE]\+?\d{3}/;
/** The shortest number without an exponent that overflows has 309 digits. */
const LONG_NUMBER = /\d{309}/;

function isSuspicious(text: string): boolean {
  return TRACES.test(text) || (text.length >= 309 && LONG_NUMBER.test(text));
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

function refuseUnfit(root: unknown): void {
  const open: { readonly value: unknown; readonly pointer: string }[] = [{ value: root, pointer: '#' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer } = next;
    const fault = faultOf(value);
    if (fault !== null) throw new PttError('invalid_field', { detail: fault, pointer });
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, member] of Object.entries(value).toReversed()) {
      const inside = pointTo(pointer, key);
      const keyFault = FORBIDDEN_KEYS.has(key)
        ? `the name ${quoted(key)} is not allowed; choose another`
        : faultOf(key);
      if (keyFault !== null) throw new PttError('invalid_field', { detail: keyFault, pointer: inside });
      open.push({ value: member, pointer: inside });
    }
  }
}

function faultOf(value: unknown): string | null {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'the number is too large; send one below 1.8e308';
  if (typeof value !== 'string') return null;
  if (value.includes('\0')) return 'U+0000 is not allowed; leave it out';
  return value.isWellFormed() ? null : 'half of a surrogate pair is no character; send well-formed Unicode';
}
