import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_FILES } from '#apps/admin';
import { run } from '#apps/ptt';
import { ndjsonLine } from '#libs/audit';
import { validators, type EnvelopeV1 } from '#libs/contracts';
import { FLAG_FILES } from '#libs/flags';
import { parseJson } from '#libs/kernel';
import { FileStore, NodeDisk } from '#libs/platform';
import { editOverrides } from '../support/edit-file.ts';
import { RunningPlane } from '../support/running-plane.ts';
import { CollectedWords } from './command-line/collected-words.ts';
import { methodOf, ROUTE_SAMPLES } from './route-samples.ts';
import { settledPlane, type SettledPlane } from './settled-plane.ts';

/** Everything that was mirrored to standard output, each line as its contract says. */
function mirroredOf(plane: RunningPlane): readonly EnvelopeV1[] {
  return plane.envelopes.lines.map((line) => {
    const envelope = parseJson(line);
    if (validators.envelopeV1(envelope)) return envelope;
    throw new Error(`${line}: ${JSON.stringify(validators.envelopeV1.faultsOf(envelope))}`);
  });
}

describe('the trail of every route', () => {
  let plane: RunningPlane;

  beforeAll(async () => {
    plane = await RunningPlane.start();
    for (const sample of ROUTE_SAMPLES.filter((one) => methodOf(one) !== 'GET')) {
      const caller = await plane[sample.service]({ subject: 'sampler', roles: sample.roles ?? [] });
      await caller.send(methodOf(sample), sample.path, sample.body, {});
    }
  });
  afterAll(() => plane.close());

  const mirrored = (): readonly EnvelopeV1[] => mirroredOf(plane);

  it('has envelopes that are as their contract says, chained without a gap per source, each of an event of its own', () => {
    const envelopes = mirrored();
    for (const source of ['/ptt/ff', '/ptt/admin']) {
      const own = envelopes.filter(({ event }) => event.source === source);
      expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, index) => index + 1));
      expect(own.map(({ prev_hash }) => prev_hash)).toEqual([
        '0'.repeat(64),
        ...own.map(({ hash }) => hash).slice(0, -1),
      ]);
    }
    expect(new Set(envelopes.map(({ event }) => event.id)).size).toBe(envelopes.length);
  });

  it('is sound, says Admin', async () => {
    const { body } = await (await plane.admin()).get('/api/audit/verify');
    const count = mirrored().filter(({ event }) => event.source === '/ptt/admin').length;
    expect(body).toMatchObject({
      result: 'sound',
      sources: expect.arrayContaining([
        expect.objectContaining({ source: '/ptt/admin', first_sequence: 1, last_sequence: count, count }),
      ]),
    });
  });

  it('is sound, says the command line of both folders while the services run', async () => {
    const words = new CollectedWords();
    expect(await run(['audit', 'verify', '--data-dir', plane.dataDir, '--json'], words)).toBe(0);
    const heads = ['/ptt/ff', '/ptt/admin'].map((source) =>
      mirrored().findLast(({ event }) => event.source === source),
    );
    expect(parseJson(words.outText)).toMatchObject({
      result: 'sound',
      sources: expect.arrayContaining(
        heads.map((head) =>
          expect.objectContaining({ source: head?.event.source, last_hash: head?.hash, last_sequence: head?.sequence }),
        ),
      ),
    });
  });

  it('shows a token that is bound to tenants their records alone', async () => {
    const all = await (await plane.admin()).get('/api/audit?source=/ptt/ff');
    expect(all.body['records']).toMatchObject([{ event: { data: { tenant_id: 'T-pty' } } }]);
    const own = await plane.admin({ tenants: ['T-pty', 'T-second'] });
    expect((await own.get('/api/audit')).body).toEqual(all.body);
    expect((await own.get('/api/audit?tenant_id=T-pty')).body).toEqual(all.body);
    for (const tenants of [['T-second'], []]) {
      const other = await plane.admin({ tenants });
      expect((await other.get('/api/audit')).body).toEqual({ records: [], next_cursor: null });
    }
    const headers = { authorization: `Bearer ${await plane.token({ tenants: ['T-second'] })}` };
    const exported = await fetch(`${plane.plane.admin.url}/api/audit?format=ndjson`, { headers });
    expect(await exported.text()).toBe('');
  });

  it('is the same on standard output and in the journals, line for line', async () => {
    for (const [owner, source, files] of [
      ['ff', '/ptt/ff', FLAG_FILES],
      ['admin', '/ptt/admin', ADMIN_FILES],
    ] as const) {
      const store = await FileStore.openReader({
        ...files,
        folder: join(plane.dataDir, owner),
        disk: new NodeDisk(),
        report: () => undefined,
      });
      const journalled: string[] = [];
      for await (const { records } of store.lines()) journalled.push(...records.map(ndjsonLine));
      await store.close();
      expect(plane.envelopes.lines.filter((line) => line.includes(`"source":"${source}"`))).toEqual(journalled);
    }
  });
});

describe('what nobody asked for by a command', () => {
  let settled: SettledPlane;
  let plane: RunningPlane;

  beforeAll(async () => {
    settled = await settledPlane();
    ({ plane } = settled);
  });

  it('is recorded once for each difference of somebody’s edit', async () => {
    await editOverrides(plane, ([first, ...others]) => [
      ...others,
      ...(first === undefined
        ? []
        : [
            { ...first, reason: 'by hand' },
            { ...first, subject_id: 'T-new' },
          ]),
    ]);
    await (await plane.ff()).get('/v1/flags');
    const unverified = { action: 'override.set', outcome: 'accepted', actor: { id: 'foreign_edit', verified: false } };
    expect(plane.envelopes.data).toEqual([
      expect.objectContaining({ ...unverified, tenant_id: 'T-pty', actor: expect.objectContaining(unverified.actor) }),
      expect.objectContaining({ ...unverified, tenant_id: 'T-new', actor: expect.objectContaining(unverified.actor) }),
    ]);
  });

  it('is on standard output too where the edit was made while nothing ran', async () => {
    const start = await settledPlane({}, (folder) =>
      editOverrides(folder, (overrides) => overrides.map((override) => ({ ...override, reason: 'at rest' }))),
    );
    const edited = { action: 'override.set', outcome: 'accepted', actor: { id: 'foreign_edit' } };
    expect(start.plane.envelopes.data).toMatchObject([{ ...edited, after: { reason: 'at rest' } }]);
    await start.end();
  });

  it('is recorded once for each flag, tenant and reason of denied evaluations, with their count', async () => {
    const ff = await plane.ff();
    const before = plane.envelopes.lines.length;
    const evaluate = { flag_key: 'ff.fixture.ase_03', user_id: 'U-1' };
    for (const tenant_id of ['T-a', 'T-b', 'T-a', 'T-a'])
      await ff.post('/v1/flags/evaluate', { ...evaluate, tenant_id });
    await ff.post('/v1/flags/evaluate/bulk', {
      flag_keys: ['ff.fixture.ase_03', 'ff.fixture.ase_05'],
      tenant_id: 'T-a',
    });
    expect(plane.envelopes.lines).toHaveLength(before);
    await settled.end();
    const denied = plane.envelopes.data.slice(before).map(({ action, outcome, tenant_id, target, reason, after }) => ({
      action,
      outcome,
      tenant_id,
      target,
      reason,
      after,
    }));
    const of = (id: string, tenant_id: string, reason: string, count: number): object => ({
      action: 'evaluation.denied',
      outcome: 'refused',
      tenant_id,
      target: { type: 'feature_flag', id },
      reason,
      after: expect.objectContaining({ count }),
    });
    expect(denied).toHaveLength(3);
    expect(denied).toEqual(
      expect.arrayContaining([
        of('ff.fixture.ase_03', 'T-a', 'dual_signers_required', 4),
        of('ff.fixture.ase_03', 'T-b', 'dual_signers_required', 1),
        of('ff.fixture.ase_05', 'T-a', 'approval_withdrawn', 1),
      ]),
    );
  });
});
