import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor, LIMITS } from '#libs/kernel';
import { type ApprovalSeeds, type ChainedRecord, type Ingested } from '../domain/index.ts';
import { approvalTransitionedOf } from '../events/approval-transitioned.ts';
import { type Alert, Alerts } from '../ports/alerts.ts';
import { ApprovalMachine, type OpenApprovalFiles } from '../testing/approval-machine.ts';
import { FF, chainOf } from '../testing/chains.ts';
import { actorOf, originOf } from '../testing/origins.ts';
import { DAY_MS, sampleApproval } from '../testing/samples.ts';
import { IngestAudit, IngestAuditHandler } from './ingest-audit.ts';
import { SeedApprovals, SeedApprovalsHandler } from './seed-approvals.ts';

class CollectedAlerts extends Alerts {
  readonly raised: Alert[] = [];

  raise(alert: Alert): void {
    this.raised.push(alert);
  }
}

const CHAIN = chainOf(4);
const SHIPPER = actorOf('ff-1', [], ['admin:ingest']);

describe('what comes in', () => {
  let open: OpenApprovalFiles;
  let alerts: CollectedAlerts;
  let handler: IngestAuditHandler;

  beforeEach(async () => {
    open = await new ApprovalMachine().open();
    alerts = new CollectedAlerts();
    handler = new IngestAuditHandler(open.ingested, alerts);
  });
  afterEach(() => open.files.close());

  const ingest = (records: readonly ChainedRecord[], actor: Actor = SHIPPER): Promise<Ingested> =>
    handler.execute(new IngestAudit({ source: FF, records }).actFor(originOf(actor)));
  const actions = (): readonly unknown[] => open.entries().map(({ action }) => action);

  it("takes another service's chain, and records that it did", async () => {
    expect(await ingest(CHAIN.slice(0, 2))).toEqual({ accepted_through: 2 });
    expect(await ingest(CHAIN.slice(0, 2))).toEqual({ accepted_through: 2 });
    expect(actions()).toEqual(['ingest.accepted']);
    expect(new IngestAudit({ source: FF, records: [] }).scope).toBe('admin:ingest');
  });

  it('says where a chain must go on, with no alert', async () => {
    await expect(ingest(CHAIN.slice(1))).rejects.toMatchObject({
      code: 'ingest_gap',
      extensions: { expected_sequence: 1 },
    });
    expect([actions(), alerts.raised]).toEqual([['ingest.refused'], []]);
  });

  it('raises an alert for a chain that was altered', async () => {
    await ingest(CHAIN);
    const [first] = CHAIN;
    const forged = first === undefined ? [] : [{ ...first, hash: '1'.repeat(64) }];
    await expect(ingest(forged)).rejects.toMatchObject({ code: 'ingest_conflict' });
    expect(alerts.raised).toEqual([
      {
        kind: 'ingest_conflict',
        detail: 'Record 1 (e-1) differs from what was accepted; the chain of /ptt/ff was altered.',
      },
    ]);
    expect(actions()).toEqual(['ingest.accepted', 'ingest.refused']);
  });

  it('lets only so many calls wait for the journal, and the next one come again later', async () => {
    const calls = Array.from({ length: LIMITS.ingestsWaiting + 1 }, (_, index) => ingest(CHAIN.slice(0, index + 1)));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: LIMITS.ingestsWaiting }, () => 'fulfilled'),
      'rejected',
    ]);
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'too_many_requests' } });
    await expect(ingest(CHAIN.slice(1))).resolves.toEqual({ accepted_through: CHAIN.length });
    await expect(ingest(chainOf(9).slice(8))).rejects.toMatchObject({ code: 'ingest_gap' });
    await expect(ingest(CHAIN)).resolves.toEqual({ accepted_through: CHAIN.length });
  });

  it.each([
    ['ingest_gap', () => CHAIN.slice(2)],
    ['ingest_conflict', () => CHAIN.slice(0, 1).map((first) => ({ ...first, hash: '1'.repeat(64) }))],
  ])('takes the next records after as many calls as may wait were refused as %s', async (code, records) => {
    await ingest(CHAIN.slice(0, 1));
    for (let call = 0; call < LIMITS.ingestsWaiting; call += 1)
      await expect(ingest(records())).rejects.toMatchObject({ code });
    await expect(ingest(CHAIN)).resolves.toEqual({ accepted_through: CHAIN.length });
  });

  it('takes nothing of whoever has no verified token', async () => {
    await expect(ingest(CHAIN, { ...SHIPPER, verified: false })).rejects.toMatchObject({
      code: 'verification_required',
    });
    expect(actions()).toEqual([]);
  });

  describe('as seeds', () => {
    const SEEDS: ApprovalSeeds = {
      reference_time: 0,
      approvals: [sampleApproval({ issued_at: 0, sla_deadline: DAY_MS })],
    };
    const seed = (seeds: ApprovalSeeds, reference?: number) =>
      new SeedApprovalsHandler(open.approvals).execute(new SeedApprovals(seeds, reference).actFor(originOf()));

    it('fills the store once', async () => {
      expect(await seed(SEEDS, 5)).toEqual({ added: 1 });
      expect(await seed(SEEDS, 9)).toEqual({ added: 0 });
      expect(await open.approvals.get('APP-100100-sample')).toMatchObject({ issued_at: 5, sla_deadline: DAY_MS + 5 });
    });

    it('is refused whole when one of them does not hold', async () => {
      const approvals = [...SEEDS.approvals, sampleApproval({ id: 'APP-100101-x', state: 'signed_partial' })];
      await expect(seed({ ...SEEDS, approvals })).rejects.toMatchObject({
        code: 'config_invalid',
        faults: [{ pointer: '/approvals/1' }, { pointer: '/approvals/1/state' }],
      });
      expect(open.lines).toEqual([]);
    });
  });

  it('tells the process of each approval that changed', async () => {
    const seeds = { reference_time: 0, approvals: [sampleApproval({ issued_at: 0 })] };
    await new SeedApprovalsHandler(open.approvals).execute(new SeedApprovals(seeds).actFor(originOf()));
    const events = open.lines.flatMap(({ messages }) => messages.map(approvalTransitionedOf));
    expect(events).toMatchObject([{ payload: { approval_id: 'APP-100100-sample', cause: 'seeded', version: 1 } }]);
    expect(approvalTransitionedOf({ channel: 'ptt.ff.invalidate', payload: {} })).toBeNull();
  });
});
