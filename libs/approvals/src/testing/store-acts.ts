import type { Instant } from '#libs/kernel';
import type { Approval, Outcome, Person, Place } from '../domain/index.ts';
import { decideWithdraw } from '../domain/decide-close.ts';
import { decideEdit } from '../domain/decide-edit.ts';
import { decideIssue } from '../domain/decide-issue.ts';
import { decideSign } from '../domain/decide-sign.ts';
import type { ApprovalStore } from '../ports/approval-store.ts';
import { originOf } from './origins.ts';
import { DUAL, sampleMatrix, sampleRow } from './samples.ts';

export const ORIGIN = originOf();
const ISSUER: Person = { id: 'ida', roles: [] };
export const FINANCE: Person = { id: 'fin', roles: ['finance_gate'] };
export const LEGAL: Person = { id: 'lea', roles: ['legal_gate'] };
export const OTHER_LEGAL: Person = { id: 'leo', roles: ['legal_gate'] };

export const codeOf = (outcome: Outcome<unknown>): string => ('refused' in outcome ? outcome.refused.code : 'accepted');

/** What people do to a store, in one word each. */
export class StoreActs {
  constructor(private readonly store: ApprovalStore) {}

  issue(place: Place = DUAL, sla_deadline: Instant | null = null): Promise<Outcome<Approval>> {
    return this.store.issue(place, ORIGIN, (view, tx) =>
      decideIssue(
        view,
        { ...place, justification: 'because', sla_deadline },
        { by: ISSUER, row: sampleRow(place.matrix_row) },
        tx,
      ),
    );
  }

  async issued(place: Place = DUAL, sla_deadline: Instant | null = null): Promise<Approval> {
    const outcome = await this.issue(place, sla_deadline);
    if ('refused' in outcome) throw new Error(outcome.refused.detail);
    return outcome.accepted;
  }

  sign(id: string, by: Person, role: string, revision = 1): Promise<Outcome<Approval>> {
    return this.store.change(id, ORIGIN, (approval, tx) =>
      decideSign(approval, { revision, role, comment: null }, by, tx),
    );
  }

  withdraw(id: string): Promise<Outcome<Approval>> {
    return this.store.change(id, ORIGIN, (approval, tx) =>
      decideWithdraw(approval, { revision: 1, reason: 'over' }, tx),
    );
  }

  edit(id: string, revision: number, justification: string): Promise<Outcome<Approval>> {
    return this.store.change(id, ORIGIN, (approval, tx) => {
      const rowOf = (row: string) => sampleMatrix().get(row) ?? null;
      return decideEdit(approval, { revision, justification, sla_deadline: null }, { by: ISSUER, rowOf }, tx);
    });
  }
}
