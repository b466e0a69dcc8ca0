import { expect, it } from '@jest/globals';
import { ManualClock } from '#libs/platform/testing';
import { CACHE_LIMITS, MemoryTier } from './index.ts';
import { KEY, tierContract } from './testing/tier-contract.ts';

tierContract('in memory', (clock, publish) => new MemoryTier(clock, publish));

it('a tier in memory lets the oldest go when there are too many', async () => {
  const tier = new MemoryTier(new ManualClock(), () => undefined);
  const got = await tier.get('flag', KEY, false);
  await tier.fill('flag', KEY, 'lease' in got ? (got.lease ?? '') : '', 'x', 0);
  for (let key = 1; key <= CACHE_LIMITS.tierEntries; key += 1) await tier.get('flag', `k-${key}`, false);
  expect(await tier.get('flag', KEY, false)).toMatchObject({ kind: 'lease' });
  expect(await tier.get('flag', 'k-2', false)).toEqual({ kind: 'leased' });
});

it('a tier in memory keeps no place for what was dropped', async () => {
  const tier = new MemoryTier(new ManualClock(), () => undefined);
  const got = await tier.get('flag', KEY, false);
  await tier.fill('flag', KEY, 'lease' in got ? (got.lease ?? '') : '', 'x', 0);
  for (let key = 1; key <= CACHE_LIMITS.tierEntries; key += 1) {
    await tier.announce({ namespace: 'flag', key: `k-${key}`, version: 1 });
  }
  await tier.get('flag', 'one more', false);
  expect(await tier.get('flag', KEY, false)).toMatchObject({ kind: 'entry', text: 'x' });
});
