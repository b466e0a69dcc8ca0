import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ChainedRecorder, GENESIS, type ChainedEnvelope } from '#libs/audit';
import { isJsonObject, systemActor, type ChainHead, type JsonObject, type JsonValue } from '#libs/kernel';
import { NodeIds } from '#libs/platform';
import type { Answer, Caller } from '../../support/caller.ts';
import { RunningPlane } from '../../support/running-plane.ts';

const APPROVALS = '/api/policy/approvals';

let plane: RunningPlane;
let admin: Caller;

beforeAll(async () => {
  plane = await RunningPlane.start();
  admin = await plane.admin();
});

afterAll(() => plane.close());

/** The envelopes that a call leaves behind, and the call's answer. */
async function recordedBy(
  call: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly data: readonly JsonObject[] }> {
  const before = plane.envelopes.lines.length;
  const answer = await call();
  return { answer, data: plane.envelopes.data.slice(before) };
}

describe('a refused signature', () => {
  interface Case {
    readonly code: string;
    readonly status: number;
    readonly pointer?: string;
    readonly approval: string;
    readonly signer: string;
    readonly roles: readonly string[];
    readonly role: string;
    readonly revision?: number;
  }

  const CASES: readonly Case[] = [
    {
      code: 'role_missing',
      status: 403,
      pointer: '#/role',
      approval: 'APP-100003-partial',
      signer: 'late',
      roles: [],
      role: 'legal_gate',
    },
    {
      code: 'role_missing',
      status: 403,
      pointer: '#/role',
      approval: 'APP-100005-withdrawn',
      signer: 'late',
      roles: ['legal_gate'],
      role: 'product_owner',
    },
    {
      code: 'role_not_required',
      status: 422,
      pointer: '#/role',
      approval: 'APP-100003-partial',
      signer: 'late',
      roles: ['product_owner'],
      role: 'product_owner',
    },
    {
      code: 'revision_conflict',
      status: 409,
      pointer: '#/revision',
      approval: 'APP-100003-partial',
      signer: 'late',
      roles: ['legal_gate'],
      role: 'legal_gate',
      revision: 2,
    },
    {
      code: 'self_sign_forbidden',
      status: 403,
      approval: 'APP-100003-partial',
      signer: 'policy.owner@ptt.example',
      roles: ['legal_gate'],
      role: 'legal_gate',
    },
    {
      code: 'already_signed',
      status: 409,
      approval: 'APP-100003-partial',
      signer: 'FIRST',
      roles: ['legal_gate'],
      role: 'legal_gate',
    },
    {
      code: 'role_already_signed',
      status: 409,
      pointer: '#/role',
      approval: 'APP-100003-partial',
      signer: 'late',
      roles: ['finance_gate'],
      role: 'finance_gate',
    },
    {
      code: 'approval_fully_signed',
      status: 409,
      approval: 'APP-100001-abcd',
      signer: 'late',
      roles: ['product_owner'],
      role: 'product_owner',
    },
    {
      code: 'approval_closed',
      status: 409,
      approval: 'APP-100005-withdrawn',
      signer: 'late',
      roles: ['product_owner'],
      role: 'product_owner',
    },
    {
      code: 'approval_past_deadline',
      status: 409,
      approval: 'APP-100004-expired',
      signer: 'late',
      roles: ['product_owner'],
      role: 'product_owner',
    },
    {
      code: 'approval_past_deadline',
      status: 409,
      approval: 'APP-100006-stale',
      signer: 'late',
      roles: ['product_owner'],
      role: 'product_owner',
    },
  ];

  it.each(CASES.map((one): [string, string, Case] => [one.code, one.approval, one]))(
    'is recorded once as %s of %s, and changes nothing',
    async (code, approval, { status, pointer, signer, roles, role, revision = 1 }) => {
      const path = `${APPROVALS}/${approval}`;
      const { body: before } = await admin.get(path);
      const [first] = Array.isArray(before['signatures']) ? before['signatures'] : [];
      const subject = signer === 'FIRST' ? signerOf(first) : signer;
      const person = await plane.admin({ subject, roles });
      const { answer, data } = await recordedBy(() => person.post(`${path}/sign`, { revision, role }));
      expect(answer).toMatchObject({ status, body: { code, ...(pointer === undefined ? {} : { pointer }) } });
      expect(data).toMatchObject([
        {
          action: 'approval.sign_refused',
          outcome: 'refused',
          reason: code,
          actor: { id: subject, verified: true },
          target: { type: 'approval', id: approval },
        },
      ]);
      expect((await admin.get(path)).body).toEqual(before);
    },
  );

  it('of an approval that is none is not recorded: there is nothing that it was refused for', async () => {
    const { answer, data } = await recordedBy(() =>
      admin.post(`${APPROVALS}/APP-999999-nothing/sign`, { revision: 1, role: 'product_owner' }),
    );
    expect(answer).toMatchObject({ status: 404, body: { code: 'approval_not_found', pointer: '#/path/id' } });
    expect(data).toEqual([]);
  });
});

describe('a rejection, withdrawal or edit that is refused', () => {
  it.each<[string, string, readonly string[], string, JsonObject]>([
    ['role_missing', 'admin', [], 'APP-100003-partial/reject', { revision: 1, reason: 'no' }],
    [
      'self_sign_forbidden',
      'policy.owner@ptt.example',
      ['legal_gate'],
      'APP-100003-partial/reject',
      { revision: 1, reason: 'no' },
    ],
    ['approval_fully_signed', 'admin', ['product_owner'], 'APP-100001-abcd/reject', { revision: 1, reason: 'no' }],
    ['approval_past_deadline', 'admin', ['product_owner'], 'APP-100004-expired/reject', { revision: 1, reason: 'no' }],
    ['revision_conflict', 'admin', [], 'APP-100003-partial/withdraw', { revision: 2, reason: 'no' }],
    ['approval_closed', 'admin', [], 'APP-100005-withdrawn/withdraw', { revision: 1, reason: 'no' }],
  ])('as %s is not recorded', async (code, subject, roles, path, body) => {
    const person = await plane.admin({ subject, roles });
    const { answer, data } = await recordedBy(() => person.post(`${APPROVALS}/${path}`, body));
    expect(answer.body).toMatchObject({ code });
    expect(data).toEqual([]);
  });
});

describe('records of another chain that are refused', () => {
  const recorder = new ChainedRecorder('/ptt/ff', new NodeIds());
  const recordAfter = (head: ChainHead, source = recorder): ChainedEnvelope => {
    const entry = { action: 'cache.invalidated', target: { type: 'cache', id: 'all' }, outcome: 'accepted' } as const;
    const by = { actor: systemActor('operator'), trace: { correlationId: 'ingest' }, at: Date.UTC(2026, 10, 1) };
    return source.chain(source.event(entry, by), head);
  };
  const ingest = (...records: readonly ChainedEnvelope[]): Promise<Answer> =>
    admin.post('/api/audit/ingest', JSON.parse(JSON.stringify({ source: '/ptt/ff', records })));
  const first = recordAfter(GENESIS);
  const second = recordAfter(first);

  beforeAll(async () => {
    await ingest(first);
  });

  const otherSource = recordAfter(first, new ChainedRecorder('/ptt/admin', new NodeIds()));
  it.each<[string, number, JsonObject, readonly ChainedEnvelope[]]>([
    ['ingest_gap', 409, { pointer: '#/records/0', expected_sequence: 2 }, [recordAfter(second)]],
    ['ingest_conflict', 409, { pointer: '#/records/0' }, [recordAfter(GENESIS)]],
    ['ingest_invalid', 422, { pointer: '#/records/0/hash' }, [{ ...second, hash: '0'.repeat(64) }]],
    ['ingest_invalid', 422, { pointer: '#/records/0/prev_hash' }, [{ ...second, prev_hash: 'f'.repeat(64) }]],
    ['ingest_invalid', 422, { pointer: '#/records/0/event/source' }, [otherSource]],
    [
      'ingest_gap',
      409,
      { pointer: '#/records/1', expected_sequence: 2 },
      [second, recordAfter({ ...second, sequence: 7 })],
    ],
  ])('are refused whole as %s, which is recorded once', async (code, status, more, records) => {
    const { answer, data } = await recordedBy(() => ingest(...records));
    expect(answer).toMatchObject({ status, body: { code, ...more } });
    expect(data).toMatchObject([{ action: 'ingest.refused', outcome: 'refused', reason: code }]);
    expect((await ingest(first)).body).toEqual({ accepted_through: 1 });
  });
});

function signerOf(signature: JsonValue | undefined): string {
  const signer = isJsonObject(signature) ? signature['signer'] : undefined;
  if (typeof signer !== 'string') throw new Error('the first signature has a signer');
  return signer;
}
