import { describe, expect, it } from '@jest/globals';
import { CountingTransactions } from '../testing/counting-transactions.ts';
import { DAY_MS, DUAL, ISSUED_AT, type Sample, sampleApproval, sampleRow } from '../testing/samples.ts';
import type { Approval } from './approval.ts';
import { approvalDocument } from './approval-document.ts';
import { decideReject, decideWithdraw } from './decide-close.ts';
import { decideEdit } from './decide-edit.ts';
import { type SignRequest, decideSign } from './decide-sign.ts';
import type { Person } from './refusals.ts';
import type { ApprovalDecision } from './transition.ts';

const ROLES = ['finance_gate', 'legal_gate'];
const sam: Person = { id: 'sam', roles: [...ROLES, 'auditor'] };
const ida: Person = { ...sam, id: 'ida' };
const approval = (sample: Sample = {}) => sampleApproval({ ...DUAL, required_roles: ROLES, ...sample });
const partial = (signer: string) => approval({ state: 'signed_partial', signed: [[signer, 'legal_gate']] });
const full = (): Approval =>
  approval({
    state: 'signed_full',
    signed: [
      ['fin', 'finance_gate'],
      ['lea', 'legal_gate'],
    ],
  });
const tx = (at = ISSUED_AT + 10) => new CountingTransactions().at(at);

const sign = (found: ReturnType<typeof approval>, request: Partial<SignRequest> = {}, by = sam, at?: number) =>
  decideSign(found, { revision: 1, role: 'legal_gate', comment: null, ...request }, by, tx(at));
const reject = (found: ReturnType<typeof approval>, by = sam, revision = 1) =>
  decideReject(found, { revision, reason: 'no' }, by, tx());
const edit = (sla_deadline: number, row = sampleRow(DUAL.matrix_row)) => {
  const request = { revision: 1, justification: null, sla_deadline };
  return decideEdit(approval(), request, { by: ida, rowOf: (name) => (name === row.row ? row : null) }, tx());
};

describe('a refusal tells the caller what was wrong, where, and what to do', () => {
  const ID = 'APP-100100-sample';

  it.each<[string, () => ApprovalDecision, unknown]>([
    [
      'a signature in a role that is not yours',
      () => sign(approval(), {}, { id: 'sam', roles: [] }),
      { code: 'role_missing', detail: 'Your token does not carry the role legal_gate.', pointer: '/role' },
    ],
    [
      'a signature in a role that nobody asks for',
      () => sign(approval(), { role: 'auditor' }),
      {
        code: 'role_not_required',
        detail: `${ID} asks for finance_gate and legal_gate, not for auditor.`,
        pointer: '/role',
      },
    ],
    [
      "the issuer's signature",
      () => sign(approval(), {}, ida),
      { code: 'self_sign_forbidden', detail: `You issued or last edited ${ID}; somebody else must sign it.` },
    ],
    [
      'a signature under what somebody unknown asked for',
      () => sign(approval({ issued_by: 'foreign_edit' })),
      {
        code: 'self_sign_forbidden',
        detail: `${ID} was added by an edit of the file, and you may be who added it: first somebody who may issue must edit it by a call, then somebody else can sign.`,
      },
    ],
    [
      'a second signature by one person',
      () => sign(partial('sam'), { role: 'finance_gate' }),
      {
        code: 'already_signed',
        detail: 'You signed this revision as legal_gate; another person must sign as finance_gate.',
      },
    ],
    [
      'a second signature in one role',
      () => sign(partial('lea')),
      { code: 'role_already_signed', detail: 'This revision is already signed as legal_gate.', pointer: '/role' },
    ],
    [
      'a signature too many',
      () => sign(full()),
      { code: 'approval_fully_signed', detail: `${ID} has all 2 signatures already.` },
    ],
    [
      'a signature of an earlier revision',
      () => sign(approval({ revision: 3 })),
      {
        code: 'revision_conflict',
        detail: `${ID} is at revision 3, not 1: read it again and decide anew.`,
        pointer: '/revision',
        extensions: { revision: 3 },
      },
    ],
    [
      'a signature too late',
      () => sign(approval(), {}, sam, ISSUED_AT + DAY_MS),
      {
        code: 'approval_past_deadline',
        detail: `${ID} can only be withdrawn or superseded: its deadline was 2026-03-02T00:00:00.000Z.`,
      },
    ],
    [
      'a signature without a deadline',
      () => sign(approval({ sla_deadline: null })),
      { code: 'approval_past_deadline', detail: `${ID} can only be withdrawn or superseded: it has no deadline.` },
    ],
    [
      'a signature of what is over',
      () => sign(approval({ state: 'rejected' })),
      { code: 'approval_closed', detail: `${ID} is rejected for good; issue a new approval.` },
    ],
    [
      "the issuer's rejection",
      () => reject(approval(), ida),
      { code: 'self_sign_forbidden', detail: `You issued ${ID}: withdraw it, or let a signer reject it.` },
    ],
    [
      'a rejection by nobody who could sign',
      () => reject(approval(), { id: 'sam', roles: ['auditor'] }),
      {
        code: 'role_missing',
        detail: 'Your token carries none of the roles that can reject: finance_gate or legal_gate.',
      },
    ],
    [
      'an edit beyond the row',
      () => edit(ISSUED_AT + 2 * DAY_MS + 1),
      {
        code: 'deadline_invalid',
        detail:
          'The deadline must be later than 2026-03-01T00:00:00.010Z and no later than 2026-03-03T00:00:00.000Z (row-dual-finance-legal: P2D from issue).',
        pointer: '/sla_deadline',
      },
    ],
    [
      'an edit of a deadline whose row is gone',
      () => edit(ISSUED_AT + DAY_MS + 1, sampleRow('row-nobody')),
      {
        code: 'matrix_row_unknown',
        detail:
          'The approval matrix has no row row-dual-finance-legal that names a role; GET /api/policy/matrix lists the rows.',
        pointer: '/matrix_row',
      },
    ],
    [
      'anything with what is not there',
      () => decideWithdraw(null, { revision: 1, reason: 'x' }, tx()),
      { code: 'approval_not_found', detail: 'There is no approval of this id.', pointer: '#/path/id' },
    ],
  ])('%s', (_what, decide, refused) => {
    expect(decide().answer).toEqual({ refused });
  });
});

describe('what is not refused', () => {
  it('is a signature of what a file added, once somebody has edited it by a call', () => {
    const { answer } = sign(approval({ issued_by: 'foreign_edit', edited_by: 'edo' }));
    expect(answer).toMatchObject({ accepted: { state: 'signed_partial' } });
  });

  it('is an edit of the words alone, whatever has become of the row', () => {
    const request = { revision: 1, justification: 'better', sla_deadline: null };
    const { answer } = decideEdit(approval(), request, { by: ida, rowOf: () => null }, tx());
    expect(answer).toMatchObject({ accepted: { justification: 'better', revision: 2 } });
  });
});

describe('a record', () => {
  it('of a refused signature says whose, and why', () => {
    expect(sign(approval(), {}, ida).records).toEqual([
      {
        action: 'approval.sign_refused',
        target: { type: 'approval', id: 'APP-100100-sample' },
        outcome: 'refused',
        reason: 'self_sign_forbidden',
        approvalRef: 'APP-100100-sample',
      },
    ]);
  });

  it('of a withdrawal without a deadline goes with an event that has none', () => {
    const { messages } = decideWithdraw(approval({ sla_deadline: null }), { revision: 1, reason: 'over' }, tx());
    expect(messages.map(({ payload }) => payload['sla_deadline'])).toEqual([null]);
  });

  it.each<[string, () => ApprovalDecision, string, unknown]>([
    ['signature', () => sign(approval()), 'approval.signed', undefined],
    ['edit', () => edit(ISSUED_AT + 2 * DAY_MS), 'approval.edited', undefined],
    ['rejection', () => reject(approval()), 'approval.rejected', 'no'],
    [
      'withdrawal',
      () => decideWithdraw(approval(), { revision: 1, reason: 'over' }, tx()),
      'approval.withdrawn',
      'over',
    ],
  ])('of a %s has the approval before and after', (_what, decide, action, reason) => {
    const { changes, records } = decide();
    const [change] = changes;
    expect(records).toStrictEqual([
      {
        action,
        target: { type: 'approval', id: 'APP-100100-sample' },
        before: approvalDocument(approval()),
        after: change === undefined || change.row === null ? null : approvalDocument(change.row),
        outcome: 'accepted',
        ...(reason === undefined ? {} : { reason }),
        approvalRef: 'APP-100100-sample',
      },
    ]);
  });
});
