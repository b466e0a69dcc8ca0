import { describe, expect, it } from '@jest/globals';
import { CountingTransactions } from '../testing/counting-transactions.ts';
import {
  Differences,
  NOTHING,
  REVISION,
  ROLES,
  STARTS,
  cases,
  firstThatHolds,
  isFinal,
  oneStep,
  resultOf,
  written,
} from '../testing/every-case.ts';
import { DUAL, ISSUED_AT, sampleRow } from '../testing/samples.ts';
import { decideReject, decideWithdraw } from './decide-close.ts';
import { decideEdit } from './decide-edit.ts';
import { decideIssue } from './decide-issue.ts';
import { decideSign } from './decide-sign.ts';
import type { Person } from './refusals.ts';

// What must come of each case is said here once more, as a list of conditions of which the first that holds decides.

describe.each(STARTS)('an approval that is $name', (start) => {
  const { state, roles: required } = start;

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
