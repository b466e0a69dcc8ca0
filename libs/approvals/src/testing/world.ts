import { type AuditEntry, type OutboxMessage, invariant, unreachable } from '#libs/kernel';
import {
  type Approval,
  type CheckFacts,
  type Matrix,
  type Person,
  type Place,
  type StoredApproval,
  type Verdict,
  checkDecision,
  isFor,
} from '../domain/index.ts';
import { decideReject, decideWithdraw } from '../domain/decide-close.ts';
import { decideEdit } from '../domain/decide-edit.ts';
import { decideIssue } from '../domain/decide-issue.ts';
import { decideSign } from '../domain/decide-sign.ts';
import type { ApprovalDecision } from '../domain/transition.ts';
import { CountingTransactions } from './counting-transactions.ts';
import { ISSUED_AT, sampleMatrix } from './samples.ts';

/** Something that somebody asks for. `id` names an approval, `seen` the revision that they saw. */
export type Command =
  | { readonly do: 'issue'; readonly by: Person; readonly place: Place; readonly sla_deadline: number | null }
  | { readonly do: 'sign'; readonly by: Person; readonly id: string; readonly seen: number; readonly role: string }
  | {
      readonly do: 'edit';
      readonly by: Person;
      readonly id: string;
      readonly seen: number;
      readonly justification: string | null;
      readonly sla_deadline: number | null;
    }
  | { readonly do: 'reject' | 'withdraw'; readonly by: Person; readonly id: string; readonly seen: number };

/** A command that was run, with all that came of it. */
export interface Happening {
  readonly command: Command;
  readonly at: number;
  /** The approval as it was before. */
  readonly before: Approval | null;
  /** As it is afterwards; null when the command was refused. */
  readonly after: Approval | null;
  readonly refused: string | null;
  readonly changes: readonly Approval[];
  readonly records: readonly AuditEntry[];
  readonly messages: readonly OutboxMessage[];
}

/** A store of the plainest kind with a clock: decisions take effect one after the other. */
export class World {
  readonly approvals = new Map<string, Approval>();
  readonly past: Happening[] = [];
  matrix: Matrix = sampleMatrix();
  at: number = ISSUED_AT;
  readonly #transactions = new CountingTransactions();

  run(command: Command): Happening {
    const before = command.do === 'issue' ? null : (this.approvals.get(command.id) ?? null);
    const decision = this.#decide(command, before);
    const changes = decision.changes.map(({ key, version, row }) => {
      invariant(row !== null && row.id === key && row.version === version, 'a change is whole and never a tombstone');
      this.approvals.set(key, row);
      return row;
    });
    const happening: Happening = {
      command,
      at: this.at,
      before,
      after: 'accepted' in decision.answer ? decision.answer.accepted : null,
      refused: 'refused' in decision.answer ? decision.answer.refused.code : null,
      changes,
      records: decision.records,
      messages: decision.messages,
    };
    this.past.push(happening);
    return happening;
  }

  check(place: Place, ref: string | null = null, at = this.at): Verdict {
    const named: CheckFacts['named'] = ref === null ? null : { ref, approval: this.approvals.get(ref) ?? null };
    const row = this.matrix.get(place.matrix_row) ?? null;
    return checkDecision({ place, row, candidates: this.candidates(), named, at });
  }

  candidates(): readonly StoredApproval[] {
    return [...this.approvals.values()];
  }

  #decide(command: Command, approval: Approval | null): ApprovalDecision {
    const tx = this.#transactions.at(this.at);
    switch (command.do) {
      case 'issue': {
        const { by, place, sla_deadline } = command;
        const approvals = this.candidates().filter((candidate) => isFor(candidate, place));
        const row = this.matrix.get(place.matrix_row) ?? null;
        const isTaken = (id: string): boolean => this.approvals.has(id);
        return decideIssue(
          { approvals, isTaken },
          { ...place, justification: 'because', sla_deadline },
          { by, row },
          tx,
        );
      }
      case 'sign': {
        const { by, seen, role } = command;
        return decideSign(approval, { revision: seen, role, comment: null }, by, tx);
      }
      case 'edit': {
        const { by, seen, justification, sla_deadline } = command;
        const rowOf = (row: string) => this.matrix.get(row) ?? null;
        return decideEdit(approval, { revision: seen, justification, sla_deadline }, { by, rowOf }, tx);
      }
      case 'reject':
        return decideReject(approval, { revision: command.seen, reason: 'no' }, command.by, tx);
      case 'withdraw':
        return decideWithdraw(approval, { revision: command.seen, reason: 'over' }, tx);
      default:
        return unreachable(command);
    }
  }
}
