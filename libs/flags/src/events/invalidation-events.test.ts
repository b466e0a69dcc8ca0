import { describe, expect, it } from '@jest/globals';
import { PlainTransaction } from '../testing/plain-transaction.ts';
import { invalidateKey, invalidateScope, TRIGGERS } from '../domain/invalidation.ts';
import { CacheInvalidated, invalidationEvent, OverrideChanged, RegistryReloaded } from './invalidation-events.ts';

describe('a committed message', () => {
  it.each([
    ['override_mutation', OverrideChanged],
    ['registry_reload', RegistryReloaded],
    ['manual_op', CacheInvalidated],
    ['ttl_expiry', CacheInvalidated],
  ] as const)('of the trigger %s is told as its event, with its payload as it is', (trigger, event) => {
    const message = invalidateKey(new PlainTransaction(), {
      namespace: 'flag',
      key: 'ptt:ff:flag:ff.a',
      version: 3,
      trigger,
    });
    const told = invalidationEvent(message);
    expect(told).toBeInstanceOf(event);
    expect(told?.payload).toBe(message.payload);
  });

  it('of every trigger has an event', () => {
    expect(TRIGGERS).toEqual(['override_mutation', 'registry_reload', 'ttl_expiry', 'manual_op']);
  });

  it('of another channel or trigger is none of ours', () => {
    expect(invalidationEvent({ channel: 'approval_ttl_refresh', payload: { trigger: 'manual_op' } })).toBeNull();
    expect(invalidationEvent({ channel: 'ptt.ff.invalidate', payload: { trigger: 'other' } })).toBeNull();
    expect(invalidationEvent({ channel: 'ptt.ff.invalidate', payload: {} })).toBeNull();
  });

  it('without a version raises the epoch', () => {
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
