import { expect, it } from '@jest/globals';
import { ManualClock } from '#libs/platform/testing';
import { CACHE_LIMITS, HARD_MS, MemoryTier } from './index.ts';
import { KEY, tierContract } from './testing/tier-contract.ts';

tierContract('in memory', (clock, publish) => new MemoryTier(clock, publish));

it('a tier in memory lets the oldest go when there are too many', async () => {
  const tier = new MemoryTier(new ManualClock(), () => undefined);
  const got = await tier.get('flag', KEY, false);
  await tier.fill('flag', KEY, 'lease' in got ? (got.lease ?? '') : '', 'x');
  for (let key = 1; key <= CACHE_LIMITS.tierEntries; key += 1) await tier.get('flag', `k-${key}`, false);
  expect(await tier.get('flag', KEY, false)).toMatchObject({ kind: 'lease' });
  expect(await tier.get('flag', 'k-2', false)).toEqual({ kind: 'leased' });
});

it('a tier in memory keeps no place for what was dropped', async () => {
  const tier = new MemoryTier(new ManualClock(), () => undefined);
  const got = await tier.get('flag', KEY, false);
  await tier.fill('flag', KEY, 'lease' in got ? (got.lease ?? '') : '', 'x');
  for (let key = 1; key <= CACHE_LIMITS.tierEntries; key += 1) {
    await tier.announce({ namespace: 'flag', key: `k-${key}`, version: 1 });
  }
  await tier.get('flag', 'one more', false);
  expect(await tier.get('flag', KEY, false)).toMatchObject({ kind: 'entry', text: 'x' });
});

/** Tells how much it holds. */
class OpenTier extends MemoryTier {
  get size(): number {
    return this.held.size;
  }

  get characters(): number {
    return this.held.characters;
  }

  async put(key: string, text: string): Promise<void> {
    const got = await this.get('flag', key, false);
    await this.fill('flag', key, 'lease' in got ? (got.lease ?? '') : '', text);
  }
}

it('a tier in memory holds so many characters of keys and texts, and lets the oldest go for others', async () => {
  const tier = new OpenTier(new ManualClock(), () => undefined);
  const keyOf = (key: number): string => `${key}`.padStart(4_000, '-');
  const count = Math.ceil(CACHE_LIMITS.tierCharacters / 5_000) + 2;
  for (let key = 0; key < count; key += 1) await tier.put(keyOf(key), 'x'.repeat(1_000));
  expect([tier.size, tier.characters]).toEqual([count - 3, 5_000 * (count - 3)]);
  expect(tier.characters).toBeLessThanOrEqual(CACHE_LIMITS.tierCharacters);
  expect(await tier.get('flag', keyOf(count - 1), false)).toMatchObject({ kind: 'entry' });
  for (let key = 0; key < count; key += 1) await tier.announce({ namespace: 'flag', key: keyOf(key), version: 1 });
  expect([tier.size, tier.characters]).toEqual([0, 0]);
});

it('a tier in memory lets nothing go for just as many characters as it may hold', async () => {
  const tier = new OpenTier(new ManualClock(), () => undefined);
  const count = 64;
  const text = 'x'.repeat(CACHE_LIMITS.tierCharacters / count - 'k-00'.length);
  for (let key = 0; key < count; key += 1) await tier.put(`k-${`${key}`.padStart(2, '0')}`, text);
  expect([tier.size, tier.characters]).toEqual([count, CACHE_LIMITS.tierCharacters]);
  await tier.put('k', '');
  expect([tier.size, await tier.get('flag', 'k-01', false)]).toMatchObject([count, { kind: 'entry' }]);
});

it('a tier in memory lets go what has ended when it is filled, and keeps what has not, older or not', async () => {
  const clock = new ManualClock();
  const tier = new OpenTier(clock, () => undefined);
  const keys = await tier.get('jwks', 'long-lived', false);
  await tier.fill('jwks', 'long-lived', 'lease' in keys ? (keys.lease ?? '') : '', 'keys');
  for (let key = 0; key < 100; key += 1) await tier.put(`k-${key}`, 'x');
  await tier.get('flag', 'lent', false);
  await clock.advance(HARD_MS.flag - 1);
  await tier.put('younger', 'x');
  expect(tier.size).toBe(103);
  await clock.advance(1);
  await tier.put('one more', 'x');
  expect(tier.size).toBe(3);
  expect(await tier.get('jwks', 'long-lived', false)).toMatchObject({ kind: 'entry', text: 'keys' });
});

it('a tier in memory lets a lease go that has run out, as soon as it is filled', async () => {
  const clock = new ManualClock();
  const tier = new OpenTier(clock, () => undefined);
  await tier.get('flag', 'lent', false);
  await clock.advance(CACHE_LIMITS.leaseMs - 1);
  await tier.put('one', 'x');
  expect(tier.size).toBe(2);
  await clock.advance(1);
  await tier.put('one more', 'x');
  expect(tier.size).toBe(2);
});

it('a tier in memory keeps an ended entry’s lease while it lasts', async () => {
  const clock = new ManualClock();
  const tier = new OpenTier(clock, () => undefined);
  await tier.put(KEY, 'x');
  await clock.advance(HARD_MS.flag);
  const got = await tier.get('flag', KEY, false);
  await tier.put('one more', 'x');
  expect(await tier.fill('flag', KEY, 'lease' in got ? (got.lease ?? '') : '', 'y')).toBe(true);
});
