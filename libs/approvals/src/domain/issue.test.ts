import { describe, expect, it } from '@jest/globals';
import { CountingTransactions } from '../testing/counting-transactions.ts';
import { DAY_MS, DUAL, ISSUED_AT, SINGLE, sampleApproval, sampleRow } from '../testing/samples.ts';
import type { StoredApproval } from './approval.ts';
import { type IssueRequest, approvalId, decideIssue } from './decide-issue.ts';
import { parseApproval } from '../testing/parse-approval.ts';
import { approvalDocument } from './approval-document.ts';
import type { MatrixRow } from './matrix.ts';
import type { ApprovalDecision } from './transition.ts';

const BY = { id: 'ida', roles: [] };
const AT = ISSUED_AT + 5;
const free = (): boolean => false;

function issue(
  request: Partial<IssueRequest> = {},
  approvals: readonly StoredApproval[] = [],
  row: MatrixRow | null = sampleRow(SINGLE.matrix_row),
): ApprovalDecision {
  const asked = { ...SINGLE, justification: 'because', sla_deadline: null, ...request };
  return decideIssue({ approvals, isTaken: free }, asked, { by: BY, row }, new CountingTransactions(41).at(AT));
}

describe('an approval that is issued', () => {
  it('counts as long as the row allows when no deadline is given', () => {
    const { answer, changes, records, messages } = issue();
    const approval = 'accepted' in answer ? answer.accepted : null;
    expect(approval).toMatchObject({
      id: 'APP-100042-ff-cm-advanced-policy',
      ...SINGLE,
      state: 'pending',
      revision: 1,
      required_roles: ['product_owner'],
      issued_by: 'ida',
      issued_at: AT,
      sla_deadline: AT + 7 * DAY_MS,
      version: 42,
      signatures: [],
      earlier_signatures: [],
      edited_by: null,
      edited_at: null,
    });
    expect(approval === null ? null : parseApproval(approvalDocument(approval))).toEqual(approval);
    expect(changes).toEqual([{ key: 'APP-100042-ff-cm-advanced-policy', version: 42, row: approval }]);
    expect(records).toEqual([
      {
        action: 'approval.issued',
        target: { type: 'approval', id: 'APP-100042-ff-cm-advanced-policy' },
        after: approval === null ? null : approvalDocument(approval),
        outcome: 'accepted',
        approvalRef: 'APP-100042-ff-cm-advanced-policy',
      },
    ]);
    expect(messages).toEqual([
      {
        channel: 'approval_ttl_refresh',
        payload: {
          event_id: '00000000-0000-7000-8000-000000000001',
          event: 'approval_ttl_refresh',
          approval_id: 'APP-100042-ff-cm-advanced-policy',
          ...SINGLE,
          state: 'pending',
          ttl_state: 'not-applicable',
          sla_deadline: '2026-03-08T00:00:00.005Z',
          revision: 1,
          version: 42,
          occurred_at: '2026-03-01T00:00:00.005Z',
          cause: 'issued',
        },
      },
    ]);
  });

  it.each([
    ['a millisecond from now', AT + 1, true],
    ['as late as the row allows', AT + 7 * DAY_MS, true],
    ['a millisecond later than that', AT + 7 * DAY_MS + 1, false],
    ['now', AT, false],
    ['in the past', AT - 1, false],
  ])('may have its deadline %s: %d, %s', (_when, sla_deadline, isAllowed) => {
    const { answer } = issue({ sla_deadline });
    const refused = { code: 'deadline_invalid', pointer: '/sla_deadline' };
    expect(answer).toMatchObject(isAllowed ? { accepted: { sla_deadline } } : { refused });
  });

  it('says what the deadline may be', () => {
    const { answer } = issue({ sla_deadline: AT });
    expect('refused' in answer ? answer.refused.detail : '').toContain(
      'later than 2026-03-01T00:00:00.005Z and no later than 2026-03-08T00:00:00.005Z',
    );
  });

  it.each([
    ['unknown', () => null],
    ['without a role', () => sampleRow('row-nobody')],
  ])('needs a row: one that is %s is refused', (_what, row) => {
    expect(issue({}, [], row())).toMatchObject({
      answer: { refused: { code: 'matrix_row_unknown', pointer: '/matrix_row' } },
      changes: [],
      records: [],
      messages: [],
    });
  });

  it('is refused, with the id of the one that counts, while one is open', () => {
    const open = sampleApproval();
    expect(issue({}, [open])).toMatchObject({
      answer: {
        refused: {
          code: 'approval_already_open',
          detail: `${open.id} is open for this target and row: use it, edit it, or withdraw it first.`,
          extensions: { approval_ref: open.id },
        },
      },
      changes: [],
    });
  });

  it.each(['withdrawn', 'rejected'] as const)('stands beside one that is %s', (state) => {
    expect(issue({}, [sampleApproval({ state })]).changes).toHaveLength(1);
  });

  it('supersedes one past its deadline, which says why', () => {
    const { changes, records, messages } = issue({}, [sampleApproval({ sla_deadline: AT, signed: [] })]);
    expect(changes.map(({ row }) => [row?.id, row?.state, row?.version])).toEqual([
      ['APP-100100-sample', 'withdrawn', 42],
      ['APP-100043-ff-cm-advanced-policy', 'pending', 43],
    ]);
    expect(records[0]).toMatchObject({
      action: 'approval.withdrawn',
      reason: 'superseded: its deadline was 2026-03-01T00:00:00.005Z',
      before: { state: 'pending' },
      after: { state: 'withdrawn', closed_at: '2026-03-01T00:00:00.005Z' },
    });
    expect(messages.map(({ payload }) => [payload['approval_id'], payload['cause']])).toEqual([
      ['APP-100100-sample', 'superseded'],
      ['APP-100043-ff-cm-advanced-policy', 'issued'],
    ]);
  });

  it('supersedes one without a deadline', () => {
    expect(issue({}, [sampleApproval({ sla_deadline: null })]).records[0]?.reason).toBe(
      'superseded: it has no deadline',
    );
  });
});

describe('an id that is taken', () => {
  it('is passed over', () => {
    const view = { approvals: [], isTaken: (id: string) => id.startsWith('APP-100042') };
    const request = { ...SINGLE, justification: 'because', sla_deadline: null };
    const tx = new CountingTransactions(41).at(AT);
    const { changes } = decideIssue(view, request, { by: BY, row: sampleRow(SINGLE.matrix_row) }, tx);
    expect(changes.map(({ key, version }) => [key, version])).toEqual([['APP-100043-ff-cm-advanced-policy', 42]]);
  });
});

describe("an approval's id", () => {
  it.each([
    [{ ...SINGLE, target_id: 'FF.Some_Flag' }, 'APP-100001-ff-some-flag'],
    [{ ...SINGLE, target_id: '--a..b--' }, 'APP-100001-a-b'],
    [{ ...SINGLE, target_id: 'ß/日本' }, 'APP-100001-row-sensitive-override'],
    [{ ...DUAL, target_id: '…', matrix_row: '…' }, 'APP-100001-approval'],
    [{ ...SINGLE, target_id: `${'x'.repeat(39)}.tail` }, `APP-100001-${'x'.repeat(39)}`],
    [{ ...SINGLE, target_id: 'y'.repeat(99) }, `APP-100001-${'y'.repeat(40)}`],
  ])('tells what it is for: %j', (place, id) => {
    expect(approvalId(place, 1, free)).toBe(id);
  });

  it('passes over those that are taken', () => {
    const taken = new Set(['APP-100001-ff-x', 'APP-100002-ff-x']);
    expect(approvalId({ ...SINGLE, target_id: 'ff.x' }, 1, (id) => taken.has(id))).toBe('APP-100003-ff-x');
  });

  it('has six digits for ever', () => {
    const place = { ...SINGLE, target_id: 'ff.x' };
    const ids = [899_999, 900_000, 900_001].map((version) => approvalId(place, version, free));
    expect(ids).toEqual(['APP-999999-ff-x', 'APP-100000-ff-x', 'APP-100001-ff-x']);
  });
});
