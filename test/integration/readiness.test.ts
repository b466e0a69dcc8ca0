import { afterEach, describe, expect, it } from '@jest/globals';
import { RunningPlane } from '../support/running-plane.ts';

/** What `/readyz` says, a line for each dependency. */
async function lines(plane: RunningPlane): Promise<{ readonly ff: unknown; readonly admin: unknown }> {
  const [ff, admin] = await Promise.all([plane.ff(null), plane.admin(null)]);
  const [ofFf, ofAdmin] = await Promise.all([ff.get('/readyz'), admin.get('/readyz')]);
  return { ff: ofFf, admin: ofAdmin };
}

const ready = (...names: readonly string[]): unknown => ({
  status: 200,
  body: { status: 'ready', dependencies: names.map((name) => ({ name, status: 'up', required: false })) },
});

describe('readiness', () => {
  let plane: RunningPlane;
  afterEach(() => plane.close());

  it('has a line for each thing that the service stands on', async () => {
    plane = await RunningPlane.start();
    expect(await lines(plane)).toMatchObject({
      ff: ready('store', 'admin', 'issuer', 'bus', 'cache'),
      admin: ready('store', 'issuer', 'bus'),
    });
  });

  it('has none for an issuer where tokens are only decoded', async () => {
    plane = await RunningPlane.start({ env: { PTT_PROFILE: '2b' } });
    expect(await lines(plane)).toMatchObject({ ff: ready('store', 'admin', 'bus'), admin: ready('store', 'bus') });
  });
});
