import { beforeEach, describe, expect, it } from '@jest/globals';
import { ChangeListener } from './change-listener.ts';

let done: string[];
let listener: ChangeListener;
let uncached: ChangeListener;

beforeEach(() => {
  done = [];
  const kept = {
    allows: {
      onRefresh: ({ target_id }: { readonly target_id: string }) => void done.push(`allows of ${target_id} dropped`),
      onSubscriptionBreak: () => void done.push('allows dropped'),
    },
    tokens: { forgetKeys: () => void done.push('keys forgotten') },
  };
  const cache = {
    onInvalidate: ({ namespace }: { readonly namespace: string }) => void done.push(`${namespace} invalidated`),
    onSubscriptionBreak: () => void done.push('cache bypassed'),
    onSubscriptionRestored: () => void done.push('cache flushed'),
  };
  listener = new ChangeListener({ ...kept, cache });
  uncached = new ChangeListener({ ...kept, cache: null });
});

describe('a replica that hears', () => {
  it.each([
    ['flag', [], ['flag invalidated']],
    ['jwks', ['keys forgotten'], ['jwks invalidated', 'keys forgotten']],
  ] as const)('of a change in %s invalidates it', (namespace, withoutCache, withCache) => {
    uncached.onInvalidate({ namespace });
    expect(done).toEqual(withoutCache);
    done = [];
    listener.onInvalidate({ namespace });
    expect(done).toEqual(withCache);
  });

  it('of an approval drops the allows of its target', () => {
    listener.onRefresh({ target_type: 'feature_flag', target_id: 'ff.a' });
    expect(done).toEqual(['allows of ff.a dropped']);
  });
});

describe('a replica that may have missed something', () => {
  it.each([
    ['ptt.ff.invalidate', ['allows dropped', 'cache bypassed'], ['allows dropped', 'cache flushed', 'keys forgotten']],
    ['approval_ttl_refresh', ['allows dropped'], ['allows dropped']],
  ] as const)('on %s keeps no allow, and of the rest what that channel does not tell of', (channel, lost, restored) => {
    listener.onBreak(channel);
    expect(done).toEqual(lost);
    done = [];
    listener.onRestored(channel);
    expect(done).toEqual(restored);
  });

  it('without a cache forgets its keys once it hears again', () => {
    uncached.onBreak('ptt.ff.invalidate');
    uncached.onRestored('ptt.ff.invalidate');
    expect(done).toEqual(['allows dropped', 'allows dropped', 'keys forgotten']);
  });
});
