import { describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DevelopmentIssuer } from '#libs/identity';
import { NodeClock } from '#libs/platform';
import { RunningPlane } from '../support/running-plane.ts';

const QUESTION = { flag_key: 'ff.example' };

/** The key is gone as after a compromise: not rotated, but replaced. */
async function replaceKeys({ dataDir, plane }: RunningPlane): Promise<void> {
  const folder = join(dataDir, 'issuer');
  await rm(folder, { recursive: true });
  await DevelopmentIssuer.open({ folder, url: plane.issuer.url, clock: new NodeClock() });
}

/** How a replica read the issuer's keys by way of what all share, by outcome; what never happened is left out. */
async function readsOfKeys({ plane }: RunningPlane, replica: number): Promise<Record<string, number>> {
  const response = await fetch(`${plane.ff[replica]?.url ?? ''}/metrics`);
  const lines = (await response.text()).matchAll(
    /^ptt_cache_reads_total\{namespace="jwks",outcome="(\w+)"\} ([1-9]\d*)$/gm,
  );
  return Object.fromEntries([...lines].map(([, outcome = '', count]) => [outcome, Number(count)]));
}

describe('a key that the issuer no longer publishes', () => {
  it.each(['memory', 'none'])(
    'is refused at once after its set was invalidated by hand, with cache %s',
    async (cache) => {
      // The first one looks at no key, and hears of the invalidation in vain.
      const plane = await RunningPlane.start({
        replicas: ['decode-only', 'verified', 'verified'],
        env: { PTT_CACHE: cache },
      });
      const replicas = await Promise.all([1, 2].map((index) => plane.ff({}, index)));
      const admin = await plane.admin();
      const answers = async () => {
        const calls = [
          ...replicas.map((ff) => ff.post('/v1/flags/evaluate', QUESTION)),
          admin.get('/api/policy/matrix'),
        ];
        return (await Promise.all(calls)).map(({ status }) => status);
      };
      expect(await answers()).toEqual([200, 200, 200]);
      await replaceKeys(plane);
      expect(await answers()).toEqual([200, 200, 200]);

      expect(await replicas[1]?.post('/v1/cache/invalidate', { namespace: 'jwks' })).toMatchObject({ status: 200 });
      expect(await answers()).toEqual([401, 401, 401]);
      for (const index of [1, 2]) {
        const fresh = await plane.ff({}, index);
        expect(await fresh.post('/v1/flags/evaluate', QUESTION)).toMatchObject({ status: 200 });
      }
      await plane.close();
    },
  );

  it.each([[['decode-only']], [['decode-only', 'decode-only']], [['decode-only', 'verified']]] as const)(
    'is refused by Admin at once where FF’s replicas are %j',
    async (replicas) => {
      const plane = await RunningPlane.start({
        replicas,
        env: { FF_VERIFY_MODE: 'decode-only', ADMIN_VERIFY_MODE: 'verified' },
      });
      for (const index of replicas.keys()) {
        const [admin, ff] = await Promise.all([plane.admin(), plane.ff({}, index)]);
        expect(await admin.get('/api/policy/matrix')).toMatchObject({ status: 200 });
        await replaceKeys(plane);
        expect(await admin.get('/api/policy/matrix')).toMatchObject({ status: 200 });
        expect(await ff.post('/v1/cache/invalidate', { namespace: 'jwks' })).toMatchObject({ status: 200 });
        expect(await admin.get('/api/policy/matrix')).toMatchObject({ status: 401 });
      }
      await plane.close();
    },
  );
});

describe('the issuer’s keys', () => {
  it('are read from the issuer by one replica for all, and by each of them anew after a flush', async () => {
    const plane = await RunningPlane.start({ replicas: ['verified', 'verified'] });
    const replicas = await Promise.all([0, 1].map((index) => plane.ff({}, index)));
    for (const ff of replicas) expect(await ff.post('/v1/flags/evaluate', QUESTION)).toMatchObject({ status: 200 });
    expect([await readsOfKeys(plane, 0), await readsOfKeys(plane, 1)]).toEqual([{ miss: 1 }, { hit: 1 }]);

    await replicas[0]?.post('/v1/cache/invalidate', { namespace: 'jwks' });
    for (const ff of replicas) expect(await ff.post('/v1/flags/evaluate', QUESTION)).toMatchObject({ status: 200 });
    expect([await readsOfKeys(plane, 0), await readsOfKeys(plane, 1)]).toEqual([{ miss: 2 }, { hit: 1, miss: 1 }]);
    await plane.close();
  });
});
