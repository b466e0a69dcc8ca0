import {
  type AuditEntry,
  type Decision,
  type Instant,
  type OutboxMessage,
  type Transaction,
  toIso,
  unchanged,
} from '#libs/kernel';
import type { Approval } from './approval.ts';
import { approvalDocument } from './approval-document.ts';
import type { Outcome, Refusal } from './outcome.ts';
import { ttlStateOf } from './ttl-state.ts';

/** Why an approval is not what it was. */
export type TransitionCause =
  | 'issued'
  | 'signed'
  | 'edited'
  | 'rejected'
  | 'withdrawn'
  | 'superseded'
  | 'seeded'
  | 'foreign_edit';

/** The audit actions of contracts/audit/actions.json that are this context's. */
export type ApprovalAction =
  | 'approval.issued'
  | 'approval.signed'
  | 'approval.edited'
  | 'approval.rejected'
  | 'approval.withdrawn';

export type ApprovalDecision = Decision<Approval, Outcome<Approval>>;

/** The event of a transition, bare, as contracts/events/approval_ttl_refresh.schema.json has it. */
export function ttlRefresh(approval: Approval, cause: TransitionCause, tx: Transaction): OutboxMessage {
  return {
    channel: 'approval_ttl_refresh',
    payload: {
      event_id: tx.newId(),
      event: 'approval_ttl_refresh',
      approval_id: approval.id,
      target_type: approval.target_type,
      target_id: approval.target_id,
      matrix_row: approval.matrix_row,
      state: approval.state,
      ttl_state: ttlStateOf(approval, tx.at),
      sla_deadline: approval.sla_deadline === null ? null : toIso(approval.sla_deadline),
      revision: approval.revision,
      version: approval.version,
      occurred_at: toIso(tx.at),
      cause,
    },
  };
}

/** The record of one approval's change. */
export function approvalEntry(
  action: ApprovalAction,
  approval: Approval,
  { before, reason }: { readonly before?: Approval; readonly reason?: string } = {},
): AuditEntry {
  return {
    action,
    target: { type: 'approval', id: approval.id },
    ...(before === undefined ? {} : { before: approvalDocument(before) }),
    after: approvalDocument(approval),
    outcome: 'accepted',
    ...(reason === undefined ? {} : { reason }),
    approvalRef: approval.id,
  };
}

/** One approval's step: its row, its one record and its one event. */
export function transition(
  approval: Approval,
  entry: AuditEntry,
  cause: TransitionCause,
  tx: Transaction,
): ApprovalDecision {
  return {
    answer: { accepted: approval },
    changes: [{ key: approval.id, version: approval.version, row: approval }],
    records: [entry],
    messages: [ttlRefresh(approval, cause, tx)],
  };
}

/** An approval that comes in as it is, under a version of the store's own. */
export function versioned(approval: Approval, tx: Transaction): Approval {
  return { ...approval, version: tx.nextVersion() };
}

/** A refusal that leaves no trace. */
export function refuse(refused: Refusal): ApprovalDecision {
  return unchanged({ refused });
}

/** An approval for a reader's eye in a refusal. */
export function deadlineWords(at: Instant | null): string {
  return at === null ? 'it has no deadline' : `its deadline was ${toIso(at)}`;
}
