import { describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DevelopmentIssuer } from '#libs/identity';
import { NodeClock } from '#libs/platform';
import { RunningPlane } from '../support/running-plane.ts';

describe('a key that the issuer no longer publishes', () => {
  it('is refused at once after its set was invalidated by hand', async () => {
    const plane = await RunningPlane.start();
    const ff = await plane.ff();
    const question = { flag_key: 'ff.example' };
    expect(await ff.post('/v1/flags/evaluate', question)).toMatchObject({ status: 200 });

    // The key is gone as after a compromise: not rotated, but replaced.
    const folder = join(plane.dataDir, 'issuer');
    await rm(folder, { recursive: true });
    await DevelopmentIssuer.open({ folder, url: plane.plane.issuer.url, clock: new NodeClock() });
    expect(await ff.post('/v1/flags/evaluate', question)).toMatchObject({ status: 200 });

    expect(await ff.post('/v1/cache/invalidate', { namespace: 'jwks' })).toMatchObject({ status: 200 });
    expect(await ff.post('/v1/flags/evaluate', question)).toMatchObject({
      status: 401,
      body: { code: 'token_invalid' },
    });
    const fresh = await plane.ff();
    expect(await fresh.post('/v1/flags/evaluate', question)).toMatchObject({ status: 200 });
    await plane.close();
  });
});
