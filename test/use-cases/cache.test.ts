import { describe, expect, it } from '@jest/globals';
import { editOverrides } from '../support/edit-file.ts';
import { RunningPlane } from '../support/running-plane.ts';

describe('UC-FF2B+-04 with a cache', () => {
  it('a miss, then a hit, and after a change on one replica fresh on every replica', async () => {
    const plane = await RunningPlane.start({ replicas: ['verified', 'verified', 'verified'] });
    const replicas = await Promise.all([0, 1, 2].map((index) => plane.ff({}, index)));
    const question = { flag_key: 'ff.example', user_id: 'U-1', tenant_id: 'T-1' };
    const ask = async (index: number) => (await replicas[index]?.post('/v1/flags/evaluate', question))?.body;
    expect(await ask(0)).toMatchObject({ value: false, meta: { cache: 'miss', replica: 'ff-1' } });
    // The others are filled from what the first one shared; only what nobody read comes from the store.
    for (const index of [0, 1, 2]) expect(await ask(index)).toMatchObject({ value: false, meta: { cache: 'hit' } });
    for (const [value, writer] of [
      [true, 0],
      [false, 1],
      [true, 2],
    ] as const) {
      await replicas[writer]?.put('/v1/flags/override/user/U-1/ff.example', { value, reason: 'again' });
      // The writer knows at once, and whoever asks it later over HTTP has given the message time to arrive.
      const answers = await Promise.all([0, 1, 2].map(ask));
      for (const answer of answers) expect(answer).toMatchObject({ value, reason: 'user_override' });
      expect(answers.map((answer) => answer?.['meta'])).toContainEqual(expect.objectContaining({ cache: 'miss' }));
      for (const index of [0, 1, 2]) expect(await ask(index)).toMatchObject({ value, meta: { cache: 'hit' } });
    }
    await plane.close();
  });

  it('a bulk evaluation says in a header where its inputs came from', async () => {
    const plane = await RunningPlane.start();
    const ff = await plane.ff();
    const seen: (string | null)[] = [];
    for (let call = 0; call < 2; call += 1) {
      seen.push((await ff.post('/v1/flags/evaluate/bulk', { tenant_id: 'T-1' })).headers.get('ptt-cache'));
    }
    expect(seen).toEqual(['miss', 'hit']);
    await plane.close();
  });

  it('an invalidation by hand has every replica read the store again, and is counted by its trigger', async () => {
    const plane = await RunningPlane.start({ replicas: ['verified', 'verified'] });
    const replicas = await Promise.all([0, 1].map((index) => plane.ff({}, index)));
    const states = async () => {
      const found: unknown[] = [];
      for (const ff of replicas) {
        const { body } = await ff.post('/v1/flags/evaluate', { flag_key: 'ff.example' });
        found.push(body['meta']);
      }
      return found;
    };
    await states();
    expect(await states()).toMatchObject([{ cache: 'hit' }, { cache: 'hit' }]);
    await replicas[1]?.post('/v1/cache/invalidate', { namespace: 'flag' });
    expect(await states()).toMatchObject([{ cache: 'miss' }, { cache: 'hit' }]);
    const metrics = await fetch(`${plane.plane.ff[0]?.url ?? ''}/metrics`);
    const text = await metrics.text();
    expect(text).toContain('ptt_cache_invalidations_total{trigger="manual_op"} 1');
    expect(text).toMatch(/^ptt_cache_reads_total\{namespace="flag",outcome="hit"\} 1$/m);
    expect(text).toMatch(/^ptt_outbox_messages 0$/m);
    expect(text).toMatch(/^ptt_outbox_oldest_seconds 0$/m);
    await plane.close();
  });
});

describe('UC-FF2B+-04 without a cache', () => {
  it('every answer is uncached, and a change on one replica is fresh on every replica at the next call', async () => {
    const plane = await RunningPlane.start({
      replicas: ['verified', 'verified', 'verified'],
      env: { PTT_CACHE: 'none' },
    });
    const replicas = await Promise.all([0, 1, 2].map((index) => plane.ff({}, index)));
    const question = { flag_key: 'ff.example', user_id: 'U-1' };
    const answers = () => Promise.all(replicas.map((ff) => ff.post('/v1/flags/evaluate', question)));
    for (const value of [true, false, true]) {
      await replicas[0]?.put('/v1/flags/override/user/U-1/ff.example', { value, reason: 'again' });
      for (const answer of await answers()) {
        expect(answer).toMatchObject({ body: { value, reason: 'user_override', meta: { cache: 'uncached' } } });
      }
    }
    await plane.close();
  });

  it('an edit of the file by hand is answered at the next call', async () => {
    const first = await RunningPlane.start();
    const before = await first.ff();
    await before.put('/v1/flags/override/tenant/T-hand/ff.example', { value: true, reason: 'by REST' });
    // Closing writes the snapshots that otherwise follow behind.
    await first.plane.close();
    const plane = await RunningPlane.start({ dataDir: first.dataDir, env: { PTT_CACHE: 'none' } });
    const ff = await plane.ff();
    const question = { flag_key: 'ff.example', tenant_id: 'T-hand' };
    expect(await ff.post('/v1/flags/evaluate', question)).toMatchObject({ body: { value: true } });
    await editOverrides(plane, (overrides) =>
      overrides.map((one) => (one.subject_id === 'T-hand' ? { ...one, variant: 'off' } : one)),
    );
    expect(await ff.post('/v1/flags/evaluate', question)).toMatchObject({
      body: { value: false, reason: 'tenant_override' },
    });
    expect(plane.envelopes.data.at(-1)).toMatchObject({
      action: 'override.set',
      actor: { id: 'foreign_edit', verified: false },
    });
    await plane.plane.close();
    await first.close();
  });
});
