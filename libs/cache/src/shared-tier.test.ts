import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import { CACHE_NAMESPACES, isInvalidation } from './index.ts';

describe('a message that a tier can act on', () => {
  it.each(CACHE_NAMESPACES)('is of the namespace %s, for one key with its version, or for all', (namespace) => {
    expect(isInvalidation({ namespace, key: 'k', version: 3 })).toBe(true);
    expect(isInvalidation({ namespace, scope: {}, epoch: 1 })).toBe(true);
  });

  it.each<JsonObject>([
    {},
    { key: 'k', version: 3 },
    { namespace: 'other', key: 'k', version: 3 },
    { namespace: 'other' },
    { namespace: ['flag'], key: 'k', version: 3 },
    { namespace: 'flag', key: 'k' },
    { namespace: 'flag', version: 3 },
    { namespace: 'flag', key: 7, version: 3 },
    { namespace: 'flag', key: null, version: 3 },
    { namespace: 'flag', key: 'k', version: '3' },
    { namespace: 'flag', key: 'k', version: 1.5 },
    { namespace: 'flag', key: 'k', version: null },
  ])('is not %j', (payload) => {
    expect(isInvalidation(payload)).toBe(false);
  });
});
