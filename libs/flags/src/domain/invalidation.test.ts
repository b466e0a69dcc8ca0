import { describe, expect, it } from '@jest/globals';
import { PlainTransaction } from '../testing/plain-transaction.ts';
import { evaluatedCacheKey, expiryEvent, invalidateScope } from './invalidation.ts';

describe('the event of an entry whose time is over', () => {
  it('names it with its version', () => {
    expect(expiryEvent(new PlainTransaction(), 'override', 'ptt:ff:override:tenant:T-1:ff.a', 7)).toEqual({
      v: 1,
      event_id: 'id-1',
      namespace: 'override',
      trigger: 'ttl_expiry',
      occurred_at: '2026-01-01T00:00:00.000Z',
      source: '/ptt/ff',
      key: 'ptt:ff:override:tenant:T-1:ff.a',
      version: 7,
    });
  });

  it('is none where the entry said that there never was anything', () => {
    expect(expiryEvent(new PlainTransaction(), 'override', 'ptt:ff:override:tenant:T-1:ff.a', 0)).toBeNull();
  });
});

describe('the cache key of an evaluation', () => {
  it('keeps its parts apart, whatever is in them or left out', () => {
    const of = { flagKey: 'ff.a', tenantId: 'T:1', userId: 'U 1', subject: 'f00d' };
    expect(evaluatedCacheKey(of)).toBe('ptt:ff:evaluated:ff.a:T%3A1:U%201:f00d');
    expect(evaluatedCacheKey({ ...of, tenantId: null, userId: null })).toBe('ptt:ff:evaluated:ff.a:::f00d');
  });
});

describe('a message for many entries at once', () => {
  it('has no version, and raises the epoch', () => {
    const tx = new PlainTransaction();
    const epochs = [1, 2].map(
      () => invalidateScope(tx, { namespace: 'flag', scope: { flag: 'ff.a' }, trigger: 'manual_op' }).payload,
    );
    expect(epochs).toEqual([
      {
        v: 1,
        event_id: 'id-1',
        namespace: 'flag',
        trigger: 'manual_op',
        occurred_at: '2026-01-01T00:00:00.000Z',
        source: '/ptt/ff',
        scope: { flag: 'ff.a' },
        epoch: 101,
      },
      expect.objectContaining({ event_id: 'id-2', epoch: 102 }),
    ]);
  });
});
