import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openFfStore, startFf, type FfStore, type RunningFf } from '#apps/ff';
import { Seeds } from '#apps/ptt';
import { MemoryBusDriver, MemoryBusHub } from '#libs/bus';
import { ImportRegistry } from '#libs/flags';
import { HttpApprovalCheck } from '#libs/gate';
import { DecodeOnlyTokens } from '#libs/identity';
import { LIMITS, systemActor, type JsonObject } from '#libs/kernel';
import { Dispatcher, type Ambient } from '#libs/platform';
import { CollectingLog, ManualClock, SeededRandom, SequentialIds } from '#libs/platform/testing';
import { CollectedEnvelopes } from '../support/collected-envelopes.ts';
import { ScriptedAdmin } from '../support/scripted-admin.ts';

const GATED = 'ff.cm.advanced_policy';
const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures');

/** FF with a real HTTP call to an Admin that hangs; FF's time is turned by hand. */
describe('a hung Admin', () => {
  let dataDir: string;
  let clock: ManualClock;
  let admin: ScriptedAdmin;
  let store: FfStore;
  let ff: RunningFf;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ptt-hung-'));
    clock = new ManualClock();
    admin = await ScriptedAdmin.start();
    const ambient: Ambient = { clock, scheduler: clock, random: new SeededRandom(1), ids: new SequentialIds() };
    const log = new CollectingLog();
    store = await openFfStore(dataDir, ambient, log);
    const bus = new MemoryBusDriver(new MemoryBusHub());
    ff = await startFf(
      {
        replica: 'ff-1',
        verification: 'decode-only',
        tokens: new DecodeOnlyTokens(),
        store,
        isRelay: true,
        tier: null,
        jwks: null,
        approvals: new HttpApprovalCheck(admin.url, { current: () => Promise.resolve('service-token') }),
        matrixRows: { rows: () => Promise.resolve(new Set(['row-sensitive-override'])) },
        gateReuseMs: 0,
        bus,
        envelopes: new CollectedEnvelopes(),
        ambient,
        log,
      },
      { host: '127.0.0.1', port: 0 },
      async (app) => void (await new Seeds(FIXTURES, ambient.ids).ff(app.nest.get(Dispatcher), clock.now())),
    );
  });

  afterEach(async () => {
    await admin.close();
    await ff.close();
    await store.files.close();
    await rm(dataDir, { recursive: true });
  });

  const post = async (url: string, payload: JsonObject): Promise<JsonObject> => {
    const response = await ff.app.fastify.inject({ method: 'POST', url, payload });
    return response.json();
  };
  const evaluate = () => post('/v1/flags/evaluate', { flag_key: GATED });
  const denied = { enabled: false, value: false, reason: 'admin_unreachable' };

  /** Asks, waits until Admin holds the question, and lets the call's limit pass. */
  const timeOut = async (): Promise<JsonObject> => {
    const answer = evaluate();
    await admin.untilAsked(admin.asked + 1);
    await clock.advance(LIMITS.gateCallMs);
    return answer;
  };

  it('is denied as admin_unreachable no later than the deadline', async () => {
    const begun = clock.monotonicMs();
    expect(await timeOut()).toMatchObject(denied);
    expect(clock.monotonicMs() - begun).toBeLessThanOrEqual(LIMITS.gateDeadlineMs);
  });

  it('opens the breaker after five failures, lets one probe through, and closes it when that is answered', async () => {
    for (let failure = 1; failure <= LIMITS.breakerFailures; failure += 1)
      expect(await timeOut()).toMatchObject(denied);
    const askedBefore = admin.asked;
    expect(await evaluate()).toMatchObject(denied);
    expect(admin.asked).toBe(askedBefore);

    await clock.advance(2 * LIMITS.breakerOpenMs);
    const probe = evaluate();
    await admin.untilAsked(askedBefore + 1);
    expect(await evaluate()).toMatchObject(denied);
    expect(admin.asked).toBe(askedBefore + 1);
    admin.allow();
    expect(await probe).toMatchObject({ enabled: true, value: true });

    const next = evaluate();
    await admin.untilAsked(askedBefore + 2);
    admin.allow();
    expect(await next).toMatchObject({ enabled: true });
  });

  it('is told of as down while the breaker is open, and FF stays ready', async () => {
    const isTold = async (status: string, detail: string, breaker: string): Promise<void> => {
      const ready = await ff.app.fastify.inject({ url: '/readyz' });
      expect(ready.statusCode).toBe(200);
      const dependency = expect.objectContaining({ name: 'admin', status, detail });
      expect(ready.json()).toMatchObject({ status: 'ready', dependencies: expect.arrayContaining([dependency]) });
      const { body } = await ff.app.fastify.inject({ url: '/metrics' });
      expect(body.match(/^ptt_gate_breaker\{.*\} 1$/gm)).toEqual([`ptt_gate_breaker{state="${breaker}"} 1`]);
    };
    await isTold('up', 'the breaker is closed', 'closed');
    for (let failure = 1; failure <= LIMITS.breakerFailures; failure += 1) await timeOut();
    await isTold('down', 'the breaker is open: gated flags are denied', 'open');

    await clock.advance(2 * LIMITS.breakerOpenMs);
    const probe = evaluate();
    await admin.untilAsked(admin.asked + 1);
    await isTold('up', 'the breaker is half-open', 'half-open');
    admin.allow();
    await probe;
    await isTold('up', 'the breaker is closed', 'closed');
  });

  it('denies 100 gated flags of one bulk request within the same deadline', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `ff.many.gated_${index}`);
    const flag = {
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'on',
      sensitive_flag: true,
      approval_matrix_row: 'row-sensitive-override',
    };
    await ff.app.nest
      .get(Dispatcher)
      .execute(new ImportRegistry({ flags: Object.fromEntries(keys.map((key) => [key, flag])) }, false, false), {
        actor: systemActor('operator'),
        trace: { correlationId: 'many' },
      });
    const begun = clock.monotonicMs();
    const bulk = post('/v1/flags/evaluate/bulk', { flag_keys: keys });
    await admin.untilAsked(1);
    await clock.advance(LIMITS.gateCallMs);
    const { flags } = await bulk;
    expect(flags).toHaveLength(100);
    expect(flags).toEqual(keys.map((key) => expect.objectContaining({ ...denied, flag_key: key })));
    expect(clock.monotonicMs() - begun).toBeLessThanOrEqual(LIMITS.gateDeadlineMs);
    expect(admin.asked).toBe(1);
  });
});
