import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { ErrorCode } from '#libs/kernel';
import { CountingTransactions } from '../testing/counting-transactions.ts';
import { DAY_MS, DUAL, HOUR_MS, ISSUED_AT, sampleApproval, sampleMatrix, sampleRow } from '../testing/samples.ts';
import { type Approval, type ApprovalState, contentHash } from './approval.ts';
import { decideReject, decideWithdraw } from './decide-close.ts';
import { decideEdit } from './decide-edit.ts';
import { decideIssue } from './decide-issue.ts';
import { decideSign } from './decide-sign.ts';
import type { Person } from './refusals.ts';
import type { ApprovalDecision } from './transition.ts';

// Every state meets every command, by everybody, in every role, having seen every revision, at every time.
// What must come of it is said here once more, as a list of conditions of which the first that holds decides.

const DEADLINE = ISSUED_AT + DAY_MS;
const REVISION = 3;
const ROLES = ['finance_gate', 'legal_gate'];

interface Start {
  readonly name: string;
  readonly state: ApprovalState;
  readonly signed: readonly (readonly [string, string])[];
  readonly roles: readonly string[];
}

const STARTS: readonly Start[] = [
  { name: 'pending', state: 'pending', signed: [], roles: ROLES },
  { name: 'pending for one role', state: 'pending', signed: [], roles: ['legal_gate'] },
  { name: 'signed_partial', state: 'signed_partial', signed: [['sam', 'finance_gate']], roles: ROLES },
  {
    name: 'signed_full',
    state: 'signed_full',
    signed: [
      ['sam', 'finance_gate'],
      ['lea', 'legal_gate'],
    ],
    roles: ROLES,
  },
  { name: 'withdrawn', state: 'withdrawn', signed: [['sam', 'finance_gate']], roles: ROLES },
  { name: 'rejected', state: 'rejected', signed: [['sam', 'finance_gate']], roles: ROLES },
];

/** Each time with whether the deadline has passed then. */
const TIMES: readonly {
  readonly when: string;
  readonly at: number;
  readonly isLate: boolean;
  readonly deadline: number | null;
}[] = [
  { when: 'right after', at: ISSUED_AT + 10, isLate: false, deadline: DEADLINE },
  { when: '1 ms before the deadline', at: DEADLINE - 1, isLate: false, deadline: DEADLINE },
  { when: 'at the deadline', at: DEADLINE, isLate: true, deadline: DEADLINE },
  { when: 'when expired', at: DEADLINE + 24 * HOUR_MS, isLate: true, deadline: DEADLINE },
  { when: 'when stale', at: DEADLINE + 24 * HOUR_MS + 1, isLate: true, deadline: DEADLINE },
  { when: 'without a deadline', at: ISSUED_AT + 10, isLate: true, deadline: null },
];

const PEOPLE = ['ida', 'edo', 'sam', 'lea', 'new'];
const CLAIMS: readonly (readonly string[])[] = [
  [],
  ['finance_gate'],
  ['legal_gate'],
  ['finance_gate', 'legal_gate'],
  ['auditor'],
];
const SEEN = [REVISION - 1, REVISION, REVISION + 1];

interface Case {
  readonly start: Start;
  readonly approval: Approval;
  readonly isLate: boolean;
  readonly at: number;
  readonly by: Person;
  readonly seen: number;
}

function* cases(start: Start): Generator<Case> {
  for (const { at, isLate, deadline } of TIMES) {
    const approval = sampleApproval({
      ...DUAL,
      state: start.state,
      signed: start.signed,
      required_roles: start.roles,
      revision: REVISION,
      sla_deadline: deadline,
      issued_by: 'ida',
      edited_by: 'edo',
    });
    for (const id of PEOPLE) {
      for (const roles of CLAIMS) {
        for (const seen of SEEN) yield { start, approval, isLate, at, by: { id, roles }, seen };
      }
    }
  }
}

const isFinal = (state: ApprovalState): boolean => state === 'withdrawn' || state === 'rejected';

/** What decisions come to: the refusal's code, or the state that was reached. */
function resultOf(decision: ApprovalDecision): string {
  return 'refused' in decision.answer ? decision.answer.refused.code : decision.answer.accepted.state;
}

type Rule = readonly [holds: boolean, result: ErrorCode | ApprovalState];

function firstThatHolds(rules: readonly Rule[], otherwise: ApprovalState): string {
  return rules.find(([holds]) => holds)?.[1] ?? otherwise;
}

/** Remembers where what came differs from what had to come: thousands of cases, one expectation. */
class Differences {
  readonly found: unknown[] = [];

  compare(came: unknown, expected: unknown, where: unknown): void {
    if (!isDeepStrictEqual(came, expected)) this.found.push({ came, expected, where });
  }
}

/** All that a decision writes, in short: the rows as they are, the records' actions and the events' causes. */
function written({ changes, records, messages }: ApprovalDecision): unknown {
  return {
    rows: changes.map(({ row }) => row),
    records: records.map(({ action, outcome, reason }) => [action, outcome, reason]),
    causes: messages.map(({ payload }) => payload['cause']),
  };
}

const NOTHING = { rows: [], records: [], causes: [] };

/** One row, with its one record and its one event. */
function oneStep(row: unknown, action: string, cause: string, reason?: string): unknown {
  return { rows: [row], records: [[action, 'accepted', reason]], causes: [cause] };
}

describe.each(STARTS)('an approval that is $name', (start) => {
  const { state, signed, roles: required } = start;

  it.each(['finance_gate', 'legal_gate', 'auditor'])(
    'signed as %s: what the table does not have is refused',
    (role) => {
      let count = 0;
      const differences = new Differences();
      for (const { approval, at, by, seen, isLate } of cases(start)) {
        const own = signed.find(([signer]) => signer === by.id);
        const isRepeat = own?.[1] === role && seen === REVISION;
        const expected = firstThatHolds(
          [
            [!by.roles.includes(role), 'role_missing'],
            [isRepeat, state],
            [isFinal(state), 'approval_closed'],
            [isLate, 'approval_past_deadline'],
            [seen !== REVISION, 'revision_conflict'],
            [state === 'signed_full', 'approval_fully_signed'],
            [!required.includes(role), 'role_not_required'],
            [by.id === 'ida' || by.id === 'edo', 'self_sign_forbidden'],
            [own !== undefined, 'already_signed'],
            [signed.some((signature) => signature[1] === role), 'role_already_signed'],
          ],
          signed.length + 1 === required.length ? 'signed_full' : 'signed_partial',
        );
        const decision = decideSign(
          approval,
          { revision: seen, role, comment: null },
          by,
          new CountingTransactions(9).at(at),
        );
        differences.compare(resultOf(decision), expected, [by, seen, at]);
        const signature = {
          approval_id: approval.id,
          revision: REVISION,
          signer: by.id,
          role,
          signed_at: at,
          content_hash: approval.content_hash,
          comment: null,
        };
        const signatures = [...approval.signatures, signature];
        const refused = { rows: [], records: [['approval.sign_refused', 'refused', expected]], causes: [] };
        const step = oneStep({ ...approval, state: expected, version: 10, signatures }, 'approval.signed', 'signed');
        const accepted = isRepeat ? NOTHING : step;
        differences.compare(written(decision), 'refused' in decision.answer ? refused : accepted, [by, seen, at]);
        count += 1;
      }
      expect(differences.found).toEqual([]);
      expect(count).toBe(TIMES.length * PEOPLE.length * CLAIMS.length * SEEN.length);
    },
  );

  it('rejected: what the table does not have is refused', () => {
    const differences = new Differences();
    for (const { approval, at, by, seen, isLate } of cases(start)) {
      const expected = firstThatHolds(
        [
          [!required.some((role) => by.roles.includes(role)), 'role_missing'],
          [isFinal(state), 'approval_closed'],
          [isLate, 'approval_past_deadline'],
          [seen !== REVISION, 'revision_conflict'],
          [state === 'signed_full', 'approval_fully_signed'],
          [by.id === 'ida', 'self_sign_forbidden'],
        ],
        'rejected',
      );
      const decision = decideReject(approval, { revision: seen, reason: 'no' }, by, new CountingTransactions(9).at(at));
      differences.compare(resultOf(decision), expected, [by, seen, at]);
      const row = { ...approval, state: 'rejected', version: 10, closed_at: at };
      const step = oneStep(row, 'approval.rejected', 'rejected', 'no');
      differences.compare(written(decision), expected === 'rejected' ? step : NOTHING, [by, seen, at]);
    }
    expect(differences.found).toEqual([]);
  });

  it('withdrawn: what the table does not have is refused', () => {
    const differences = new Differences();
    for (const { approval, at, by, seen } of cases(start)) {
      const expected = firstThatHolds(
        [
          [isFinal(state), 'approval_closed'],
          [seen !== REVISION, 'revision_conflict'],
        ],
        'withdrawn',
      );
      const decision = decideWithdraw(approval, { revision: seen, reason: 'over' }, new CountingTransactions(9).at(at));
      differences.compare(resultOf(decision), expected, [by, seen, at]);
      const row = { ...approval, state: 'withdrawn', version: 10, closed_at: at };
      const step = oneStep(row, 'approval.withdrawn', 'withdrawn', 'over');
      differences.compare(written(decision), expected === 'withdrawn' ? step : NOTHING, [by, seen, at]);
    }
    expect(differences.found).toEqual([]);
  });

  it.each([
    ['nothing', {}],
    ['the same justification', { justification: 'because' }],
    ['the justification', { justification: 'better' }],
    ['the deadline', { sla_deadline: ISSUED_AT + 2 * DAY_MS }],
    ['the deadline beyond the row', { sla_deadline: ISSUED_AT + 2 * DAY_MS + 1 }],
    ['the deadline into the past', { sla_deadline: ISSUED_AT }],
  ])('edited in %s: what the table does not have is refused', (_what, edit) => {
    const differences = new Differences();
    for (const { approval, at, by, seen, isLate } of cases(start)) {
      const { justification, sla_deadline } = { justification: null, sla_deadline: null, ...edit };
      const isSame =
        (justification ?? 'because') === 'because' && (sla_deadline ?? approval.sla_deadline) === approval.sla_deadline;
      const isOutOfBounds = sla_deadline !== null && (sla_deadline > ISSUED_AT + 2 * DAY_MS || sla_deadline <= at);
      const expected = firstThatHolds(
        [
          [isFinal(state), 'approval_closed'],
          [isLate, 'approval_past_deadline'],
          [seen !== REVISION, 'revision_conflict'],
          [isSame, state],
          [isOutOfBounds, 'deadline_invalid'],
        ],
        'pending',
      );
      const rowOf = (row: string) => sampleMatrix().get(row) ?? null;
      const tx = new CountingTransactions(9).at(at);
      const decision = decideEdit(approval, { revision: seen, justification, sla_deadline }, { by, rowOf }, tx);
      differences.compare(resultOf(decision), expected, [by, seen, at]);
      const content = {
        ...approval,
        justification: justification ?? 'because',
        sla_deadline: sla_deadline ?? approval.sla_deadline,
      };
      const row = {
        ...content,
        content_hash: contentHash(content),
        state: 'pending',
        revision: REVISION + 1,
        edited_by: by.id,
        edited_at: at,
        version: 10,
        signatures: [],
        earlier_signatures: approval.signatures,
      };
      const isEdited = 'accepted' in decision.answer && !isSame;
      differences.compare(written(decision), isEdited ? oneStep(row, 'approval.edited', 'edited') : NOTHING, [
        by,
        seen,
        at,
      ]);
    }
    expect(differences.found).toEqual([]);
  });

  it('with another issued at its place: refused while it counts, superseded once it is past its deadline', () => {
    const differences = new Differences();
    for (const { approval, at, by, isLate } of cases(start)) {
      const decision = decideIssue(
        { approvals: [approval], isTaken: () => false },
        { ...DUAL, justification: 'anew', sla_deadline: null },
        { by, row: sampleRow(DUAL.matrix_row) },
        new CountingTransactions(9).at(at),
      );
      const expected = firstThatHolds([[!isFinal(state) && !isLate, 'approval_already_open']], 'pending');
      differences.compare(resultOf(decision), expected, [by, at]);
      const superseded =
        !isFinal(state) && isLate ? [{ ...approval, state: 'withdrawn', version: 10, closed_at: at }] : [];
      const issued = 'accepted' in decision.answer ? [decision.answer.accepted] : [];
      const rows = decision.changes.map(({ row }) => row);
      differences.compare(rows, [...superseded, ...issued], [by, at]);
    }
    expect(differences.found).toEqual([]);
  });
});

describe('what is no approval', () => {
  it('is refused by every command, and leaves no trace', () => {
    const tx = new CountingTransactions().at(ISSUED_AT);
    const by: Person = { id: 'sam', roles: ROLES };
    const decisions = [
      decideSign(null, { revision: 1, role: 'legal_gate', comment: null }, by, tx),
      decideReject(null, { revision: 1, reason: 'no' }, by, tx),
      decideWithdraw(null, { revision: 1, reason: 'no' }, tx),
      decideEdit(null, { revision: 1, justification: 'x', sla_deadline: null }, { by, rowOf: () => null }, tx),
    ];
    for (const { answer, ...rest } of decisions) {
      expect(answer).toMatchObject({ refused: { code: 'approval_not_found', pointer: '#/path/id' } });
      expect(rest).toEqual({ changes: [], records: [], messages: [] });
    }
  });
});
