import { describe, expect, it } from '@jest/globals';
import { PlainTransaction } from '../testing/plain-transaction.ts';
import { invalidateKey, TRIGGERS } from '../domain/invalidation.ts';
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
});
