import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openFfStore, startFf } from '#apps/ff';
import { MemoryBusDriver, MemoryBusHub } from '#libs/bus';
import { HttpApprovalCheck } from '#libs/gate';
import { VerifiedTokens } from '#libs/identity';
import { AUDIENCE, claimsAt, ISSUER, keySet, ScriptedJwks, sign, testKey } from '#libs/identity/testing';
import type { Ambient } from '#libs/platform';
import { CollectingLog, ManualClock, SeededRandom, SequentialIds } from '#libs/platform/testing';
import { CollectedEnvelopes } from '../support/collected-envelopes.ts';

describe('a replica that lost the bus', () => {
  it('reads the issuer’s keys anew once it is back, since it may have missed that it should', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ptt-lost-bus-'));
    const clock = new ManualClock();
    const ambient: Ambient = { clock, scheduler: clock, random: new SeededRandom(1), ids: new SequentialIds() };
    const log = new CollectingLog();
    const store = await openFfStore(dataDir, ambient, log);
    const bus = new MemoryBusDriver(new MemoryBusHub());
    const [compromised, next] = await Promise.all([testKey(), testKey()]);
    const issuer = new ScriptedJwks(compromised);
    const ff = await startFf(
      {
        replica: 'ff-1',
        verification: 'verified',
        tokens: new VerifiedTokens(keySet(issuer, clock), clock, { issuer: ISSUER, audience: AUDIENCE }),
        store,
        isRelay: true,
        tier: null,
        jwks: null,
        approvals: new HttpApprovalCheck('http://127.0.0.1:1', { current: () => Promise.resolve('service-token') }),
        matrixRows: { rows: () => Promise.resolve('unreachable') },
        gateReuseMs: 0,
        bus,
        envelopes: new CollectedEnvelopes(),
        ambient,
        log,
      },
      { host: '127.0.0.1', port: 0 },
    );
    const token = await sign(compromised, claimsAt(clock.now() / 1_000));
    const status = async (): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await ff.app.fastify.inject({ method: 'GET', url: '/v1/flags', headers })).statusCode;
    };
    expect(await status()).toBe(200);
    bus.disconnect();
    issuer.publish(next);
    expect(await status()).toBe(200);
    bus.reconnect();
    expect(await status()).toBe(401);
    await ff.close();
    await store.files.close();
    await rm(dataDir, { recursive: true });
  });
});
