import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LIMITS } from '#libs/kernel';
import { deny } from '../domain/gate-decision.ts';
import { FlagService } from '../testing/flag-service.ts';
import { sampleAsker, sampleOrigin } from '../testing/samples.ts';

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
  service.denials.onApplicationBootstrap();
});
afterEach(() => service.close());

const records = () =>
  service.files
    .entries()
    .filter(({ action }) => action === 'evaluation.denied')
    .map(({ target, tenantId, reason, after }) => ({ target, tenantId, reason, after }));
/** Has as many changes wait as may: the store refuses the next one. Resolves when they are written. */
const fillStore = (): Promise<unknown> => {
  const entry = { action: 'registry.reloaded', target: { type: 'registry', id: 'all' }, outcome: 'accepted' } as const;
  const change = { answer: null, changes: [], records: [entry], messages: [] };
  const { flags } = service.files;
  return Promise.all(
    Array.from({ length: LIMITS.waitingChanges }, () => flags.changeRegistry(sampleOrigin(), () => change)),
  );
};
const minutes = (count: number): Promise<void> => service.machine.clock.advance(count * 60_000);

describe('denied evaluations', () => {
  it('are recorded once a minute, one record for flag, tenant and reason, with their count', async () => {
    service.denials.count('ff.a', 'T', 'approval_missing');
    await service.machine.clock.advance(10_000);
    service.denials.count('ff.a', 'T', 'approval_missing');
    service.denials.count('ff.a', 'T', 'approval_expired');
    service.denials.count('ff.a', null, 'approval_missing');
    service.denials.count('ff.b', 'T', 'approval_missing');
    expect(records()).toEqual([]);
    await service.machine.clock.advance(50_000);
    const to = '2026-01-01T00:01:00.000Z';
    const later = '2026-01-01T00:00:10.000Z';
    const target = { type: 'feature_flag', id: 'ff.a' };
    expect(records()).toEqual([
      { target, tenantId: 'T', reason: 'approval_missing', after: { count: 2, from: '2026-01-01T00:00:00.000Z', to } },
      { target, tenantId: 'T', reason: 'approval_expired', after: { count: 1, from: later, to } },
      { target, tenantId: undefined, reason: 'approval_missing', after: { count: 1, from: later, to } },
      {
        target: { type: 'feature_flag', id: 'ff.b' },
        tenantId: 'T',
        reason: 'approval_missing',
        after: { count: 1, from: later, to },
      },
    ]);
    expect(service.files.lines).toHaveLength(1);
    expect(service.files.entries()[0]).toMatchObject({ actor: 'gate', outcome: 'refused' });
  });

  it('of the next minute are counted anew, and a minute without any writes nothing', async () => {
    service.denials.count('ff.a', 'T', 'approval_missing');
    await minutes(3);
    service.denials.count('ff.a', 'T', 'approval_missing');
    await minutes(1);
    expect(records().map(({ after }) => after)).toEqual([
      expect.objectContaining({ count: 1, to: '2026-01-01T00:01:00.000Z' }),
      expect.objectContaining({ count: 1, from: '2026-01-01T00:03:00.000Z' }),
    ]);
  });

  it('beyond the limit of keys are counted for each reason, whatever flags and tenants are named', async () => {
    const { denials } = service;
    for (let n = 0; n < LIMITS.denialKeys; n += 1) denials.count('ff.a', `T-${n}`, 'approval_missing');
    for (let n = 0; n < 3; n += 1) denials.count(`ff.${n}`, '*', 'approval_missing');
    denials.count('*', 'T-new', 'approval_expired');
    denials.count('ff.a', null, 'approval_expired');
    denials.count('ff.a', 'T-0', 'approval_missing');
    await minutes(1);
    expect(records()).toHaveLength(LIMITS.denialKeys + 2);
    const rest = { target: { type: 'feature_flags', id: '*' }, tenantId: undefined };
    expect(records().slice(-2)).toMatchObject([
      { ...rest, reason: 'approval_missing', after: { count: 3 } },
      { ...rest, reason: 'approval_expired', after: { count: 2 } },
    ]);
    expect(records()[0]).toMatchObject({ tenantId: 'T-0', after: { count: 2 } });
  });

  it('of a tenant called * are a tenant’s like any other', async () => {
    service.denials.count('ff.a', '*', 'approval_missing');
    await minutes(1);
    expect(records()).toMatchObject([{ target: { type: 'feature_flag', id: 'ff.a' }, tenantId: '*' }]);
  });

  it('have room again in the next minute', async () => {
    for (let n = 0; n < LIMITS.denialKeys; n += 1) service.denials.count('ff.a', `T-${n}`, 'approval_missing');
    await minutes(1);
    service.denials.count('ff.a', 'T-new', 'approval_missing');
    await minutes(1);
    expect(records().at(-1)).toMatchObject({ tenantId: 'T-new' });
  });

  it('are recorded when the service ends, and no more after', async () => {
    service.denials.count('ff.a', 'T', 'approval_missing');
    await service.denials.onApplicationShutdown();
    expect(records()).toHaveLength(1);
    expect(service.machine.clock.waiting).toBe(0);
  });

  it('that cannot be recorded now are added to the next minute, with when they began', async () => {
    const { denials, machine } = service;
    denials.count('ff.a', 'T', 'approval_missing');
    denials.count('ff.b', 'T', 'approval_expired');
    await machine.clock.advance(10_000);
    const waiting = fillStore();
    const flushed = denials.flush();
    denials.count('ff.a', 'T', 'approval_missing');
    await flushed;
    await waiting;
    expect(records()).toEqual([]);
    await machine.clock.advance(50_000);
    const [from, to] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z'];
    expect(records()).toMatchObject([
      { target: { id: 'ff.a' }, tenantId: 'T', reason: 'approval_missing', after: { count: 2, from, to } },
      { target: { id: 'ff.b' }, tenantId: 'T', reason: 'approval_expired', after: { count: 1, from, to } },
    ]);
    await minutes(1);
    expect(records()).toHaveLength(2);
  });

  it('come from the gate alone', async () => {
    const plain = { requires_approval: true, approval_matrix_row: 'row-sensitive-override' };
    await service.define({ 'ff.open': {}, 'ff.denied': plain, 'ff.allowed': plain });
    service.gate.decide('ff.denied', deny('approval_missing'));
    for (const key of ['ff.open', 'ff.denied', 'ff.allowed']) {
      await service.evaluateFlag.execute(key, { tenantId: 'T', userId: null, context: {} }, sampleAsker());
    }
    await minutes(1);
    expect(records()).toEqual([
      expect.objectContaining({
        target: { type: 'feature_flag', id: 'ff.denied' },
        tenantId: 'T',
        reason: 'approval_missing',
      }),
    ]);
  });
});
