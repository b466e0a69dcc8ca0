import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type JsonObject, type JsonValue, PttError, parseJson, toIso } from '#libs/kernel';
import { CountingTransactions } from '../testing/counting-transactions.ts';
import { DAY_MS, DUAL, HOUR_MS, ISSUED_AT, sampleApproval } from '../testing/samples.ts';
import type { Approval } from './approval.ts';
import { approvalDocument } from './approval-document.ts';
import { checkDecision } from './check.ts';
import { decideSeed, parseSeeds, shifted } from './decide-seed.ts';
import { parseMatrix } from './matrix.ts';
import { disagreements } from './parse-approval.ts';

const fixture = (path: string): JsonValue =>
  parseJson(readFileSync(new URL(`../../../../fixtures/${path}`, import.meta.url), 'utf8'));

const REFERENCE = ISSUED_AT + HOUR_MS;
const seeds = (...approvals: readonly JsonObject[]): JsonValue => ({ reference_time: toIso(REFERENCE), approvals });

function faultsOf(document: JsonValue): unknown {
  try {
    parseSeeds(document);
    return 'no fault';
  } catch (error) {
    return error instanceof PttError ? [error.code, ...error.faults.map(({ pointer }) => pointer)] : error;
  }
}

describe('seeds', () => {
  it('are moved so that their reference is the instant of seeding', () => {
    const full = sampleApproval({
      state: 'signed_full',
      signed: [['sam', 'product_owner']],
      edited_by: 'edo',
      revision: 2,
    });
    const tx = new CountingTransactions(4).at(REFERENCE + 5 * DAY_MS);
    const decision = decideSeed(true, parseSeeds(seeds(approvalDocument(full))), null, tx);
    const [change] = decision.changes;
    expect(change?.row).toMatchObject({
      issued_at: ISSUED_AT + 5 * DAY_MS,
      sla_deadline: ISSUED_AT + 6 * DAY_MS,
      edited_at: ISSUED_AT + 5 * DAY_MS + 1,
      signatures: [{ signed_at: ISSUED_AT + 5 * DAY_MS + 2 }],
      version: 5,
    });
    expect(change?.row === null || change === undefined ? null : disagreements(change.row, '')).toEqual([]);
    expect(decision.records).toEqual([
      {
        action: 'approvals.seeded',
        target: { type: 'store', id: 'approvals' },
        after: { approvals: [full.id] },
        outcome: 'accepted',
      },
    ]);
    expect(decision.messages.map(({ payload }) => [payload['cause'], payload['ttl_state']])).toEqual([
      ['seeded', 'valid'],
    ]);
    expect(decision.answer).toEqual({ accepted: { added: 1 } });
  });

  it('are moved to a given reference', () => {
    const tx = new CountingTransactions().at(REFERENCE + 5 * DAY_MS);
    const gone = sampleApproval({ state: 'withdrawn', sla_deadline: null });
    const decision = decideSeed(true, parseSeeds(seeds(approvalDocument(gone))), REFERENCE - 3, tx);
    expect(decision.changes[0]?.row).toEqual({ ...gone, issued_at: ISSUED_AT - 3, closed_at: ISSUED_AT });
  });

  it('move by nothing to what they were', () => {
    const earlier = {
      approval_id: 'APP-100100-sample',
      revision: 1,
      signer: 'sam',
      role: 'legal_gate',
      signed_at: ISSUED_AT,
      content_hash: '0'.repeat(64),
      comment: null,
    };
    const approval = sampleApproval({ revision: 2, earlier: [earlier], edited_by: 'edo' });
    expect(shifted(approval, 0)).toEqual(approval);
    expect(shifted(approval, 5).earlier_signatures).toEqual([{ ...earlier, signed_at: ISSUED_AT + 5 }]);
  });

  it('leave a store alone that has ever held something', () => {
    const tx = new CountingTransactions().at(REFERENCE);
    expect(decideSeed(false, parseSeeds(seeds(approvalDocument(sampleApproval()))), null, tx)).toEqual({
      answer: { accepted: { added: 0 } },
      changes: [],
      records: [],
      messages: [],
    });
  });

  it('write nothing when there are none', () => {
    const decision = decideSeed(true, parseSeeds(seeds()), null, new CountingTransactions().at(REFERENCE));
    expect(decision).toEqual({ answer: { accepted: { added: 0 } }, changes: [], records: [], messages: [] });
  });

  it.each<[string, readonly Approval[], readonly string[]]>([
    [
      'an id twice',
      [sampleApproval({ state: 'withdrawn' }), sampleApproval({ state: 'rejected' })],
      ['/approvals/1/id'],
    ],
    ['two open ones for a place', [sampleApproval(), sampleApproval({ id: 'APP-100101-x' })], ['/approvals/1']],
    ['a state that its signatures do not make', [sampleApproval({ state: 'signed_full' })], ['/approvals/0/state']],
  ])('with %s are refused', (_what, approvals, pointers) => {
    const document = seeds(...approvals.map(approvalDocument));
    const decision = decideSeed(true, parseSeeds(document), null, new CountingTransactions().at(REFERENCE));
    expect(decision).toMatchObject({
      answer: { refused: { code: 'config_invalid' } },
      changes: [],
      records: [],
      messages: [],
    });
    expect('refused' in decision.answer ? decision.answer.refused.faults?.map(({ pointer }) => pointer) : []).toEqual(
      pointers,
    );
  });

  it('may hold several for one place when they are closed or for other rows', () => {
    const approvals = [
      sampleApproval(),
      sampleApproval({ id: 'APP-100101-x', state: 'withdrawn' }),
      sampleApproval({ ...DUAL, id: 'APP-100102-x', required_roles: ['a', 'b'] }),
    ];
    const decision = decideSeed(
      true,
      { reference_time: REFERENCE, approvals },
      null,
      new CountingTransactions().at(REFERENCE),
    );
    expect(decision.answer).toEqual({ accepted: { added: 3 } });
  });

  it.each<[string, JsonValue, readonly string[]]>([
    ['no reference', { approvals: [] }, ['/reference_time']],
    ['no list', { reference_time: toIso(REFERENCE) }, ['/approvals']],
    ['something that is no approval', { reference_time: toIso(REFERENCE), approvals: [1] }, ['/approvals/0']],
  ])('with %s cannot be read', (_what, document, pointers) => {
    expect(faultsOf(document)).toEqual(['config_invalid', ...pointers]);
  });
});

describe('the shipped approvals, seeded', () => {
  const at = Date.UTC(2031, 4, 5);
  const seeded = () =>
    decideSeed(true, parseSeeds(fixture('approval_examples.json')), null, new CountingTransactions().at(at));

  it.each([
    [
      'ASE-01',
      'ff.fixture.ase_01',
      'row-sensitive-override',
      { decision: 'allow', ttl_state: 'valid', approval_ref: 'APP-100001-abcd' },
    ],
    [
      'ASE-02',
      'ff.fixture.ase_02',
      'row-dual-finance-legal',
      { decision: 'allow', ttl_state: 'valid', approval_ref: 'APP-100002-dual' },
    ],
    ['ASE-03', 'ff.fixture.ase_03', 'row-dual-finance-legal', { decision: 'deny', reason: 'dual_signers_required' }],
    [
      'ASE-04',
      'ff.fixture.ase_04',
      'row-sensitive-override',
      { decision: 'deny', reason: 'approval_expired', ttl_state: 'expired' },
    ],
    [
      'ASE-05',
      'ff.fixture.ase_05',
      'row-sensitive-override',
      { decision: 'deny', reason: 'approval_withdrawn', ttl_state: 'not-applicable' },
    ],
    [
      'ASE-06',
      'ff.fixture.ase_06',
      'row-sensitive-override',
      { decision: 'deny', reason: 'approval_stale', ttl_state: 'stale' },
    ],
  ])('%s comes to what it stands for', (_id, target_id, matrix_row, expected) => {
    const place = { target_type: 'feature_flag', target_id, matrix_row };
    const row = parseMatrix(fixture('matrix/approval_matrix.json')).get(matrix_row) ?? null;
    const candidates = seeded().changes.flatMap(({ row: approval }) => approval ?? []);
    expect(checkDecision({ place, row, candidates, named: null, at })).toMatchObject(expected);
  });

  it('are six', () => {
    expect(seeded().answer).toEqual({ accepted: { added: 6 } });
  });
});
