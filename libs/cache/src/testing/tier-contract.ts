import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '#libs/kernel';
import { ManualClock } from '#libs/platform/testing';
import { CACHE_LIMITS, HARD_MS, type Invalidation, type SharedGet, type SharedTier } from '../index.ts';

export const KEY = 'ptt:ff:flag:a';
const HARD = HARD_MS.flag;

/** What every adapter and every model of a shared tier must do alike. */
export function tierContract(
  name: string,
  make: (clock: Clock, publish: (message: Invalidation) => void) => SharedTier,
): void {
  describe(`a shared tier: ${name}`, () => {
    let clock: ManualClock;
    let tier: SharedTier;
    let published: Invalidation[];

    beforeEach(() => {
      clock = new ManualClock();
      published = [];
      tier = make(clock, (message) => void published.push(message));
    });

    const get = (refresh = false): Promise<SharedGet> => tier.get('flag', KEY, refresh);

    async function lease(refresh = false): Promise<string> {
      const got = await get(refresh);
      return 'lease' in got ? (got.lease ?? 'none') : 'none';
    }

    it('lends a key to one at a time, for as long as a lease lasts', async () => {
      expect(await get()).toMatchObject({ kind: 'lease' });
      expect(await get()).toEqual({ kind: 'leased' });
      await clock.advance(CACHE_LIMITS.leaseMs - 1);
      expect(await get()).toEqual({ kind: 'leased' });
      await clock.advance(1);
      expect(await get()).toMatchObject({ kind: 'lease' });
    });

    it('takes an entry with its live lease alone, once', async () => {
      const live = await lease();
      expect(await tier.fill('flag', KEY, 'other', 'x')).toBe(false);
      expect(await tier.fill('flag', 'ptt:ff:flag:b', live, 'x')).toBe(false);
      expect(await tier.fill('flag', KEY, live, 'x')).toBe(true);
      expect(await tier.fill('flag', KEY, live, 'y')).toBe(false);
      expect(await get()).toEqual({ kind: 'entry', text: 'x', leftMs: HARD, lease: null });
    });

    it('takes nothing with a lease that has run out, was killed, or is of a dropped namespace', async () => {
      const late = await lease();
      await clock.advance(CACHE_LIMITS.leaseMs);
      expect(await tier.fill('flag', KEY, late, 'x')).toBe(false);
      const killed = await lease();
      await tier.announce({ namespace: 'flag', key: KEY, version: 2 });
      expect(await tier.fill('flag', KEY, killed, 'x')).toBe(false);
      const dropped = await lease();
      await tier.announce({ namespace: 'flag', scope: {}, epoch: 1 });
      expect(await tier.fill('flag', KEY, dropped, 'x')).toBe(false);
      expect(await get()).toMatchObject({ kind: 'lease' });
    });

    it('lets an entry end one hard TTL after its lease was lent, however long its fill was on its way', async () => {
      const first = await lease();
      await clock.advance(1_500);
      await tier.fill('flag', KEY, first, 'x');
      await clock.advance(HARD - 1_501);
      expect(await get()).toMatchObject({ kind: 'entry', leftMs: 1 });
      await clock.advance(1);
      expect(await get()).toMatchObject({ kind: 'lease' });
    });

    it('counts the time of what was refreshed from the lease of whoever did it', async () => {
      await tier.fill('flag', KEY, await lease(), 'x');
      await clock.advance(0.8 * HARD);
      const refresher = await lease(true);
      await clock.advance(500);
      await tier.fill('flag', KEY, refresher, 'y');
      expect(await get()).toMatchObject({ kind: 'entry', text: 'y', leftMs: HARD - 500 });
    });

    it('lends an entry past its soft end for a refresh, to one, while all others get it', async () => {
      await tier.fill('flag', KEY, await lease(), 'x');
      expect(await lease(true)).toBe('none');
      await clock.advance(0.8 * HARD);
      expect(await lease(false)).toBe('none');
      const refresher = await lease(true);
      expect(refresher).not.toBe('none');
      expect(await get(true)).toMatchObject({ kind: 'entry', text: 'x', lease: null });
      expect(await tier.fill('flag', KEY, refresher, 'y')).toBe(true);
      expect(await get()).toMatchObject({ text: 'y', leftMs: HARD });
    });

    it('drops one namespace and no other, or all of them', async () => {
      await tier.fill('flag', KEY, await lease(), 'x');
      await tier.announce({ namespace: 'override', scope: {}, epoch: 1 });
      expect(await get()).toMatchObject({ kind: 'entry' });
      await tier.raiseEpochs();
      expect(await get()).toMatchObject({ kind: 'lease' });
    });

    it('keeps dropped what was dropped, however often, and is filled anew', async () => {
      await tier.fill('flag', KEY, await lease(), 'x');
      await tier.announce({ namespace: 'flag', scope: {}, epoch: 1 });
      await tier.raiseEpochs();
      const anew = await get();
      expect(anew).toMatchObject({ kind: 'lease' });
      expect(await tier.fill('flag', KEY, 'lease' in anew ? (anew.lease ?? '') : '', 'y')).toBe(true);
      expect(await get()).toMatchObject({ kind: 'entry', text: 'y' });
      await tier.raiseEpochs();
      await tier.announce({ namespace: 'flag', scope: {}, epoch: 2 });
      expect(await get()).toMatchObject({ kind: 'lease' });
    });

    it('drops of one entry that alone', async () => {
      await tier.fill('flag', KEY, await lease(), 'x');
      await tier.announce({ namespace: 'flag', key: 'ptt:ff:flag:b', version: 2 });
      expect(await get()).toMatchObject({ kind: 'entry', text: 'x' });
      await tier.announce({ namespace: 'flag', key: KEY, version: 2 });
      expect(await get()).toMatchObject({ kind: 'lease' });
    });

    it('publishes what it was told to announce, whether or not it had the entry, and nothing else', async () => {
      const messages: Invalidation[] = [
        { namespace: 'flag', key: KEY, version: 2 },
        { namespace: 'override', scope: {}, epoch: 3 },
      ];
      for (const message of messages) await tier.announce(message);
      await tier.raiseEpochs();
      expect(published).toEqual(messages);
    });
  });
}
