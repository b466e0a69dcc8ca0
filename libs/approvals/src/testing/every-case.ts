import { isDeepStrictEqual } from 'node:util';
import type { ErrorCode } from '#libs/kernel';
import type { Approval, ApprovalState, Person } from '../domain/index.ts';
import type { ApprovalDecision } from '../domain/transition.ts';
import { DAY_MS, DUAL, HOUR_MS, ISSUED_AT, sampleApproval } from './samples.ts';

// Every state meets every command, by everybody, in every role, having seen every revision, at every time.

export const DEADLINE = ISSUED_AT + DAY_MS;
export const REVISION = 3;
export const ROLES = ['finance_gate', 'legal_gate'];

export interface Start {
  readonly name: string;
  readonly state: ApprovalState;
  readonly signed: readonly (readonly [string, string])[];
  readonly roles: readonly string[];
}

export const STARTS: readonly Start[] = [
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
export const TIMES: readonly {
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

export const PEOPLE = ['ida', 'edo', 'sam', 'lea', 'new'];
export const CLAIMS: readonly (readonly string[])[] = [
  [],
  ['finance_gate'],
  ['legal_gate'],
  ['finance_gate', 'legal_gate'],
  ['auditor'],
];
export const SEEN = [REVISION - 1, REVISION, REVISION + 1];

export interface Case {
  readonly start: Start;
  readonly approval: Approval;
  readonly isLate: boolean;
  readonly at: number;
  readonly by: Person;
  readonly seen: number;
}

export function* cases(start: Start): Generator<Case> {
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

export const isFinal = (state: ApprovalState): boolean => state === 'withdrawn' || state === 'rejected';

/** What decisions come to: the refusal's code, or the state that was reached. */
export function resultOf(decision: ApprovalDecision): string {
  return 'refused' in decision.answer ? decision.answer.refused.code : decision.answer.accepted.state;
}

export type Rule = readonly [holds: boolean, result: ErrorCode | ApprovalState];

export function firstThatHolds(rules: readonly Rule[], otherwise: ApprovalState): string {
  return rules.find(([holds]) => holds)?.[1] ?? otherwise;
}

/** Remembers where what came differs from what had to come: thousands of cases, one expectation. */
export class Differences {
  readonly found: unknown[] = [];

  compare(came: unknown, expected: unknown, where: unknown): void {
    if (!isDeepStrictEqual(came, expected)) this.found.push({ came, expected, where });
  }
}

/** All that a decision writes, in short: the rows as they are, the records' actions and the events' causes. */
export function written({ changes, records, messages }: ApprovalDecision): unknown {
  return {
    rows: changes.map(({ row }) => row),
    records: records.map(({ action, outcome, reason }) => [action, outcome, reason]),
    causes: messages.map(({ payload }) => payload['cause']),
  };
}

export const NOTHING = { rows: [], records: [], causes: [] };

/** One row, with its one record and its one event. */
export function oneStep(row: unknown, action: string, cause: string, reason?: string): unknown {
  return { rows: [row], records: [[action, 'accepted', reason]], causes: [cause] };
}
