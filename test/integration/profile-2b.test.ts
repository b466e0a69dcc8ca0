import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, isRecord, type JsonObject } from '#libs/kernel';
import { assemble } from '#libs/identity/testing';
import { CONTRACTS, listOf, objectOf, readObject } from '../contract/contract-files.ts';
import { Caller, type Answer } from '../support/caller.ts';
import { RunningPlane } from '../support/running-plane.ts';
import { methodOf, ROUTE_SAMPLES, type RouteSample } from './route-samples.ts';

const SIGNER_COMMANDS = ['IssueApproval', 'EditApproval', 'SignApproval', 'RejectApproval', 'WithdrawApproval'];
const WITH_JSON = ROUTE_SAMPLES.filter(({ path }) => path !== '/metrics');

async function send(plane: RunningPlane, sample: RouteSample): Promise<Answer> {
  const caller = await plane[sample.service](null);
  return caller.send(methodOf(sample), sample.path, sample.body, {});
}

/** What an answer warns of, in its body or in its header. */
function warningsOf({ headers, body }: Answer): readonly unknown[] {
  const meta = isRecord(body['meta']) ? body['meta']['warnings'] : undefined;
  const [first] = Array.isArray(body['flags']) ? body['flags'] : [];
  const lists = [body['warnings'], meta, isRecord(first) ? first['warnings'] : undefined];
  const header = headers.get('ptt-warning');
  return [
    ...lists.flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : [])),
    ...(header?.split(', ') ?? []),
  ];
}

describe('profile 2b', () => {
  let plane: RunningPlane;

  beforeAll(async () => {
    plane = await RunningPlane.start({ env: { PTT_PROFILE: '2b' } });
  });
  afterAll(() => plane.close());

  /** How a route answers to somebody without a token. */
  function expectedOf({ command, status = 200 }: RouteSample): object {
    if (command === 'IngestAudit') return { status: 403, body: { code: 'verification_required' } };
    if (command === undefined || !SIGNER_COMMANDS.includes(command)) return { status };
    return { status: 409, body: { code: 'signer_workflow_deferred' } };
  }

  it.each(WITH_JSON.map((sample): [string, RouteSample] => [`${sample.service} ${sample.route}`, sample]))(
    'asks nobody for a token, signs nothing, and says that nothing was verified: %s',
    async (_, sample) => {
      const answer = await send(plane, sample);
      expect(answer).toMatchObject(expectedOf(sample));
      const isWarned = sample.scope !== null;
      expect(warningsOf(answer).includes('auth_not_verified')).toBe(isWarned);
    },
  );

  it('warns in refusals too, whoever refuses', async () => {
    const ff = await plane.ff(null);
    const admin = await plane.admin(null);
    const refusals = [
      await ff.post('/v1/flags/evaluate', { flag_key: 'ff.nothing' }),
      await ff.post('/v1/flags/evaluate', { extra: 1 }),
      await ff.get('/v1/nothing'),
      await ff.get('/v1/flags/ff.nothing'),
      await admin.get('/api/policy/approvals?limit=0'),
      await admin.send('PUT', '/api/policy/matrix', {}, {}),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([404, 400, 404, 404, 400, 405]);
    expect(refusals.map((refusal) => warningsOf(refusal))).toEqual(refusals.map(() => ['auth_not_verified']));
  });

  it('takes claims for what they are: nobody checked them', async () => {
    const claims = { sub: 'U-claimed', roles: ['product_owner'], scope: 'ff:read', tenants: ['T-other'], exp: 1 };
    const url = plane.plane.ff[0]?.url ?? '';
    const tokens = { 'U-claimed': assemble({ alg: 'none' }, claims), anonymous: 'garbage' };
    for (const [id, token] of Object.entries(tokens)) {
      const caller = new Caller(url, token);
      const path = `/v1/flags/override/tenant/T-${id}/ff.example`;
      expect(await caller.put(path, { value: true, reason: 'by whoever' })).toMatchObject({
        status: 200,
        body: { override: { set_by: id }, meta: { verification: 'decode-only' } },
      });
      expect(plane.envelopes.data.at(-1)).toMatchObject({ action: 'override.set', actor: { id, verified: false } });
    }
  });

  it('asks its gate in process: gated flags are answered while Admin is gone', async () => {
    const own = await RunningPlane.start({ env: { PTT_PROFILE: '2b' } });
    try {
      await own.plane.admin.close();
      const ff = await own.ff(null);
      const on = await ff.post('/v1/flags/evaluate', { flag_key: 'ff.fixture.ase_01' });
      expect(on.body).toMatchObject({ enabled: true, meta: { approval_ref: 'APP-100001-abcd', ttl_state: 'valid' } });
      const off = await ff.post('/v1/flags/evaluate', { flag_key: 'ff.fixture.ase_04' });
      expect(off.body).toMatchObject({ enabled: false, reason: 'approval_expired', meta: { ttl_state: 'expired' } });
    } finally {
      await own.close();
    }
  });

  describe('as the contracts state it', () => {
    const stated = CONTRACTS.flatMap((path) => {
      const { current_state: state } = readObject(path);
      return isJsonObject(state) ? [[path, state] as const] : [];
    });
    const having = (member: string): readonly (readonly [string, JsonObject])[] =>
      stated.filter(([, state]) => state[member] !== undefined);

    it.each(having('meta'))('%s: what an evaluation says of itself', async (_, { meta }) => {
      const ff = await plane.ff(null);
      const { body } = await ff.post('/v1/flags/evaluate', { flag_key: 'ff.example' });
      expect(isJsonObject(meta)).toBe(true);
      expect(body['meta']).toEqual(expect.objectContaining(isJsonObject(meta) ? { ...meta } : {}));
    });

    it.each(having('warnings'))('%s: what the answer to a change warns of', async (_, { warnings }) => {
      const ff = await plane.ff(null);
      const answer = await ff.put('/v1/flags/override/user/U-9/ff.example', { value: true, reason: 'x' });
      expect(answer.body['warnings']).toEqual(
        expect.arrayContaining(Array.isArray(warnings) ? [...warnings] : ['none']),
      );
    });

    it.each(having('sink_status'))('%s: where records are', (_, { sink_status }) => {
      const statuses = plane.envelopes.lines.map((line) => /"sink_status":"([a-z]+)"/.exec(line)?.[1]);
      expect(new Set(statuses)).toEqual(new Set([sink_status]));
    });

    it.each(having('surfaces_on'))('%s: which surfaces are on, and which gated', async (path, state) => {
      const { body } = await (await plane.ff(null)).get('/v1/rollout/surfaces');
      const surfaces = listOf(body, 'surfaces');
      expect(surfaces.filter(({ default_on }) => default_on === true)).toHaveLength(Number(state['surfaces_on']));
      expect(surfaces.filter(({ gated }) => gated === true)).toHaveLength(Number(state['surfaces_gated']));
      const listed = listOf(readObject(path), 'surfaces').map(({ flag_key, runtime, current_gate }) => ({
        flag_key,
        runtime,
        current_gate,
      }));
      expect(surfaces).toEqual(expect.arrayContaining(listed.map((surface) => expect.objectContaining(surface))));
    });

    it('and nothing else: every member of every state is looked at', () => {
      const known = [
        'summary',
        'settings',
        'meta',
        'warnings',
        'sink_status',
        'gate',
        'surfaces_on',
        'surfaces_gated',
        'stages',
        'status',
      ];
      const members = stated.flatMap(([, state]) => Object.keys(state));
      expect(members.filter((member) => !known.includes(member))).toEqual([]);
      expect(stated.flatMap(([, { gate }]) => gate ?? [])).toEqual(['modelled']);
    });

    it('in cutover_readiness_notes.json: the stage of each layer, and no check run', async () => {
      const { stages, status } = objectOf(readObject('contracts/cutover_readiness_notes.json'), 'current_state');
      const { body } = await (await plane.admin(null)).get('/api/cutover');
      expect(Object.fromEntries(listOf(body, 'layers').map(({ layer, stage }) => [layer, stage]))).toEqual(stages);
      expect(listOf(body, 'checks').map((check) => check['status'])).toEqual(Array.from({ length: 28 }, () => status));
    });
  });
});

describe('decode-only tokens where signing is on', () => {
  it('sign nothing and bring nothing in', async () => {
    const plane = await RunningPlane.start({ env: { ADMIN_VERIFY_MODE: 'decode-only' } });
    try {
      const before = plane.envelopes.lines.length;
      const token = await plane.token({ roles: ['legal_gate', 'product_owner'] });
      const caller = new Caller(plane.plane.admin.url, token);
      const refused = ROUTE_SAMPLES.filter(({ service, command }) => service === 'admin' && command !== undefined);
      for (const sample of refused) {
        const answer = await caller.send(methodOf(sample), sample.path, sample.body, {});
        expect(answer).toMatchObject({ status: 403, body: { code: 'verification_required' } });
      }
      expect(refused).toHaveLength(SIGNER_COMMANDS.length + 1);
      expect(plane.envelopes.lines).toHaveLength(before);
    } finally {
      await plane.close();
    }
  });
});
