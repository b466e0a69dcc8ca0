import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Invalidation, SharedGet } from '#libs/cache';
import { KEY, tierContract } from '#libs/cache/testing';
import { ManualClock } from '#libs/platform/testing';
import { Chance } from '../chance.ts';
import { FragileTier } from './fragile-tier.ts';

tierContract('fragile', (clock, publish) => new FragileTier(clock, publish));

describe('a tier that loses things', () => {
  let clock: ManualClock;
  let tier: FragileTier;

  beforeEach(() => {
    clock = new ManualClock();
    tier = new FragileTier(clock, () => undefined);
    tier.now = () => clock.monotonicMs();
  });

  const get = (key = KEY): Promise<SharedGet> => tier.get('flag', key, false);

  async function fill(text: string, key = KEY): Promise<boolean> {
    const got = await get(key);
    return 'lease' in got && got.lease !== null && tier.fill('flag', key, got.lease, text);
  }

  it('has nothing after it was flushed, leases included', async () => {
    await fill('x');
    const lent = await get('k-2');
    expect(tier.flushAll()).toBe(2);
    expect(await get()).toMatchObject({ kind: 'lease' });
    expect('lease' in lent && lent.lease !== null && (await tier.fill('flag', 'k-2', lent.lease, 'y'))).toBe(false);
  });

  it('lets a share of its entries go, and says how many', async () => {
    for (let key = 0; key < 100; key += 1) await fill('x', `k-${key}`);
    const gone = tier.evict(new Chance(1), 0.5);
    expect([gone > 20, gone < 80, tier.size]).toEqual([true, true, 100 - gone]);
  });

  it('is after a failover as it was so long before, deleted entries and raised epochs too', async () => {
    const deleted: Invalidation = { namespace: 'flag', key: KEY, version: 2 };
    await fill('old');
    await fill('kept', 'k-2');
    await clock.advance(1_000);
    await tier.announce(deleted);
    await fill('new');
    await tier.raiseEpochs();
    expect(await get('k-2')).toMatchObject({ kind: 'lease' });
    expect(tier.failOver(500)).toBeGreaterThan(0);
    expect(await get()).toMatchObject({ kind: 'entry', text: 'old' });
    expect(await get('k-2')).toMatchObject({ kind: 'entry', text: 'kept' });
  });

  it('loses nothing in a failover that was longer ago', async () => {
    await fill('old');
    await clock.advance(1_000);
    expect(tier.failOver(500)).toBe(0);
    expect(await get()).toMatchObject({ text: 'old' });
  });
});
