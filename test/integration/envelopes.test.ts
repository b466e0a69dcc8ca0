import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import { isRecord, parseJson, type JsonObject, type JsonValue } from '#libs/kernel';
import type { HttpApp } from '#libs/platform';
import type { Answer, Caller } from '../support/caller.ts';
import { RunningPlane } from '../support/running-plane.ts';
import { TurnedClock } from '../support/turned-clock.ts';
import { methodOf, ROUTE_SAMPLES, type RouteSample } from './route-samples.ts';

const DAY_MS = 86_400_000;
const MUTATING = ROUTE_SAMPLES.filter((sample) => methodOf(sample) !== 'GET');
const CHECK = { target_type: 'feature_flag', target_id: 'ff.cm.advanced_policy', matrix_row: 'row-sensitive-override' };

/** Commands that no route makes: they fill a new data folder, and record that once for each store that they filled. */
const SEEDING: Readonly<Record<string, readonly (readonly [action: string, target: string])[]>> = {
  SeedFlags: [
    ['registry.seeded', 'registry'],
    ['registry.seeded', 'overrides'],
  ],
  SeedApprovals: [['approvals.seeded', 'approvals']],
};

const clock = new TurnedClock();
let plane: RunningPlane;

beforeAll(async () => {
  plane = await RunningPlane.start({ ambient: clock.ambient });
});

afterAll(() => plane.close());

/** The envelopes that a call leaves behind, and what it answered. */
async function during(
  call: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly data: readonly JsonObject[] }> {
  const before = plane.envelopes.lines.length;
  const answer = await call();
  return { answer, data: plane.envelopes.data.slice(before) };
}

async function recordedBy(call: () => Promise<Answer>): Promise<readonly (JsonValue | undefined)[]> {
  return (await during(call)).data.map(({ action }) => action);
}

async function send(sample: RouteSample): Promise<Answer> {
  const caller: Caller = await plane[sample.service]({ subject: 'sampler', roles: sample.roles ?? [] });
  return caller.send(methodOf(sample), sample.path, sample.body, {});
}

/** The classes of all commands that have a handler here. */
function commandsOf({ nest }: HttpApp): readonly string[] {
  return [...nest.get(ModulesContainer).values()].flatMap(({ providers }) =>
    [...providers.values()].flatMap(({ metatype }) => {
      // The key under which @nestjs/cqrs keeps it; it does not export it.
      const command: unknown =
        typeof metatype === 'function' ? Reflect.getMetadata('__commandHandler__', metatype) : undefined;
      return typeof command === 'function' ? [command.name] : [];
    }),
  );
}

describe('a case', () => {
  it('is there for every route that is no GET', async () => {
    const documents = await Promise.all([plane.document('ff'), plane.document('admin')]);
    const routes = documents.flatMap(({ operations }) => operations).filter(({ method }) => method !== 'GET');
    expect(MUTATING.map(({ route }) => route).toSorted()).toEqual(routes.map(({ route }) => route).toSorted());
  });

  it('is there for every command', () => {
    const [replica] = plane.plane.ff;
    const handled = [replica?.app, plane.plane.admin.app].flatMap((app) => (app === undefined ? [] : commandsOf(app)));
    const cases = new Set([...MUTATING.flatMap(({ command }) => command ?? []), ...Object.keys(SEEDING)]);
    expect([...cases].toSorted()).toEqual(handled.toSorted());
  });
});

describe('exactly one envelope', () => {
  it('is made for each store that the commands fill', () => {
    const seeded = plane.envelopes.data.map(({ action, target }) => [action, isRecord(target) ? target['id'] : null]);
    const expected = Object.values(SEEDING).flat();
    expect(seeded).toHaveLength(expected.length);
    expect(seeded).toEqual(expect.arrayContaining([...expected]));
  });

  it.each(
    MUTATING.map((sample): [string, RouteSample] => [`${sample.records?.join() ?? 'none'} by ${sample.route}`, sample]),
  )('is made where something changed: %s', async (_, sample) => {
    const { records = [], status = 200 } = sample;
    expect(records.length).toBe(sample.command === undefined ? 0 : 1);
    const { answer, data } = await during(() => send(sample));
    expect(answer.status).toBe(status);
    expect(data.map(({ action, outcome }) => [action, outcome])).toEqual(records.map((action) => [action, 'accepted']));
    const correlationId = answer.headers.get('ptt-correlation-id');
    expect(
      data.map(({ actor, correlation_id }) => [
        isRecord(actor) ? [actor['id'], actor['verified']] : null,
        correlation_id,
      ]),
    ).toEqual(records.map(() => [['sampler', true], correlationId]));
  });

  it('is made by somebody’s signature that is refused', async () => {
    const nobody = await plane.admin({ subject: 'nobody', roles: [] });
    const path = '/api/policy/approvals/APP-100004-expired/sign';
    expect(await recordedBy(() => nobody.post(path, { revision: 1, role: 'product_owner' }))).toEqual([
      'approval.sign_refused',
    ]);
  });

  it('is made by records of another chain that are refused', async () => {
    const admin = await plane.admin();
    const sample = MUTATING.find(({ command }) => command === 'IngestAudit');
    const records = Array.isArray(sample?.body?.['records']) ? sample.body['records'] : [];
    const later = records.map((record: JsonValue) =>
      isRecord(record)
        ? {
            ...record,
            sequence: 9,
            event: {
              ...(isRecord(record['event']) ? record['event'] : {}),
              id: '01a20561-204c-71db-9ae1-5827e6a0c0de',
            },
          }
        : record,
    );
    const body: JsonValue = parseJson(JSON.stringify({ source: '/ptt/ff', records: later }));
    const { answer, data } = await during(() => admin.post('/api/audit/ingest', body));
    expect(answer).toMatchObject({ status: 409, body: { code: 'ingest_gap' } });
    expect(data).toMatchObject([{ action: 'ingest.refused', reason: 'ingest_gap' }]);
  });
});

describe('no envelope', () => {
  it.each<[string, 'ff' | 'admin', (caller: Caller) => Promise<Answer>]>([
    [
      'an override that is set to what it is',
      'ff',
      (ff) =>
        ff.put('/v1/flags/override/tenant/T-pty/ff.daily_queue.simulation', {
          variant: 'off',
          reason: 'T-pty trains its staff without the simulation',
        }),
    ],
    [
      'an override that is removed and was not there',
      'ff',
      (ff) => ff.delete('/v1/flags/override/user/U-nobody/ff.example'),
    ],
    [
      'an import of what is there',
      'ff',
      async (ff) => ff.post('/v1/flags/registry/import', (await ff.get('/v1/flags/registry/export')).body),
    ],
    [
      'an import that only shows what it would do',
      'ff',
      (ff) => ff.post('/v1/flags/registry/import?dry_run=true&prune=true', { flags: {} }),
    ],
    [
      'an edit that changes nothing',
      'admin',
      (admin) => admin.patch('/api/policy/approvals/APP-100003-partial', { revision: 1 }),
    ],
    ['records that are here already', 'admin', () => again('IngestAudit')],
    ['a signature given before', 'admin', () => again('SignApproval')],
    ['a preview', 'admin', (admin) => admin.post('/api/policy/preview', CHECK)],
    ['an evaluation', 'ff', (ff) => ff.post('/v1/flags/evaluate', { flag_key: 'ff.example' })],
    ['an evaluation of all flags', 'ff', (ff) => ff.post('/v1/flags/evaluate/bulk', {})],
  ])('is made by %s', async (_what, service, call) => {
    const caller = await plane[service]({ subject: 'sampler' });
    const { answer, data } = await during(() => call(caller));
    expect(answer.status).toBe(200);
    expect(data).toEqual([]);
  });

  it('is made by a check of many', async () => {
    const before = plane.envelopes.lines.length;
    const answer = await fetch(`${plane.plane.admin.url}/api/policy/sensitive.check.2b`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await plane.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ checks: [CHECK, CHECK] }),
    });
    expect(await answer.json()).toHaveLength(2);
    expect(plane.envelopes.lines).toHaveLength(before);
  });

  function again(command: string): Promise<Answer> {
    const sample = MUTATING.find((one) => one.command === command);
    if (sample === undefined) throw new Error(`${command} has a sample`);
    return send(sample);
  }
});

describe('two envelopes', () => {
  it('are made by an issue over one that is past its deadline: of the one that ends and of the one that begins', async () => {
    const place = { ...CHECK, target_id: 'ff.fixture.ase_06', justification: 'once more' };
    const { answer, data } = await during(async () => (await plane.admin()).post('/api/policy/approvals', place));
    expect(answer.status).toBe(201);
    expect(data).toMatchObject([
      {
        action: 'approval.withdrawn',
        target: { id: 'APP-100006-stale' },
        reason: expect.stringMatching(/^superseded/),
      },
      { action: 'approval.issued', target: { id: answer.body['id'] } },
    ]);
    expect(new Set(data.map(({ correlation_id }) => correlation_id)).size).toBe(1);

    clock.turn(31 * DAY_MS);
    const later = await during(async () => (await plane.admin()).post('/api/policy/approvals', place));
    expect(later.data).toMatchObject([
      { action: 'approval.withdrawn', target: { id: answer.body['id'] } },
      { action: 'approval.issued' },
    ]);
    const refused = await during(async () => (await plane.admin()).post('/api/policy/approvals', place));
    expect(refused.answer).toMatchObject({ status: 409, body: { code: 'approval_already_open' } });
    expect(refused.data).toEqual([]);
  });
});
