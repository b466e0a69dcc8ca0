import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '#libs/kernel';
import { requireContextSize } from './context-size.ts';

/** A context of so many bytes as JSON. */
function contextOf(bytes: number): { readonly a: string } {
  return { a: 'x'.repeat(bytes - '{"a":""}'.length) };
}

describe('the size of a context', () => {
  it.each<[string, string | undefined]>([
    ['a body that says its length', String(LIMITS.contextBytes + 100)],
    ['a body that does not', undefined],
    ['a length that is none', 'x'],
  ])('is at most its limit, in %s', (_what, contentLength) => {
    expect(() => requireContextSize(contextOf(LIMITS.contextBytes), contentLength)).not.toThrow();
    expect(() => requireContextSize(contextOf(LIMITS.contextBytes + 1), contentLength)).toThrow(
      'the context has 65537 bytes as JSON, and at most 65536 are taken',
    );
  });

  it('counts bytes, not characters', () => {
    expect(() => requireContextSize({ a: 'ü'.repeat(LIMITS.contextBytes / 2) }, undefined)).toThrow('the context has');
  });

  it('is not measured where the whole body is smaller', () => {
    expect(() => requireContextSize(contextOf(LIMITS.contextBytes + 1), String(LIMITS.contextBytes))).not.toThrow();
    expect(() => requireContextSize(undefined, undefined)).not.toThrow();
  });
});
