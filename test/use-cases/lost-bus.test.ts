import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FfStore, openFfStore, type RunningFf, startFf } from '#apps/ff';
import { MemoryBusDriver, MemoryBusHub } from '#libs/bus';
import { HttpApprovalCheck } from '#libs/gate';
import { VerifiedTokens } from '#libs/identity';
import { AUDIENCE, claimsAt, ISSUER, keySet, ScriptedJwks, sign, testKey, type TestKey } from '#libs/identity/testing';
import type { Ambient } from '#libs/platform';
import { CollectingLog, ManualClock, SeededRandom, SequentialIds } from '#libs/platform/testing';
import { CollectedEnvelopes } from '../support/collected-envelopes.ts';

let dataDir: string;
let clock: ManualClock;
let store: FfStore;
let bus: MemoryBusDriver;
let next: TestKey;
let issuer: ScriptedJwks;
let ff: RunningFf;
/** With a token of the key that is compromised. */
let headers: { readonly authorization: string };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ptt-lost-bus-'));
  clock = new ManualClock();
  const ambient: Ambient = { clock, scheduler: clock, random: new SeededRandom(1), ids: new SequentialIds() };
  const log = new CollectingLog();
  store = await openFfStore(dataDir, ambient, log);
  bus = new MemoryBusDriver(new MemoryBusHub());
  const compromised = await testKey();
  next = await testKey();
  issuer = new ScriptedJwks(compromised);
  ff = await startFf(
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
  const token = await sign(compromised, claimsAt(clock.now() / 1_000, { scope: 'ff:read ff:ops' }));
  headers = { authorization: `Bearer ${token}` };
});

afterEach(async () => {
  await ff.close();
  await store.files.close();
  await rm(dataDir, { recursive: true });
});

const status = async (): Promise<number> =>
  (await ff.app.fastify.inject({ method: 'GET', url: '/v1/flags', headers })).statusCode;

describe('a replica that lost the bus', () => {
  it('reads the issuer’s keys anew once it is back, since it may have missed that it should', async () => {
    expect(await status()).toBe(200);
    bus.disconnect();
    issuer.publish(next);
    expect(await status()).toBe(200);
    bus.reconnect();
    expect(await status()).toBe(401);
  });

  it('reads them anew at once when it is told to itself', async () => {
    expect(await status()).toBe(200);
    bus.disconnect();
    issuer.publish(next);
    const payload = { namespace: 'jwks' };
    const told = await ff.app.fastify.inject({ method: 'POST', url: '/v1/cache/invalidate', headers, payload });
    const after = await status();
    // So that what waits for the bus is told before all is closed.
    bus.reconnect();
    await clock.advance(10_000);
    expect([told.statusCode, after]).toEqual([200, 401]);
  });
});
