import type { Actor, Trace } from './actor.ts';
import type { AuditEntry } from './audit.ts';
import type { Instant } from './clock.ts';
import type { JsonObject } from './json.ts';

/** A message for the bus, committed with the change that it tells of and published after it. */
export interface OutboxMessage {
  readonly channel: 'ptt.ff.invalidate' | 'approval_ttl_refresh';
  readonly payload: JsonObject;
}

/** A row as it is after a change; `row: null` is a tombstone. The row carries its own key parts and version. */
export interface RowChange<Row> {
  readonly key: string;
  readonly version: number;
  readonly row: Row | null;
}

/** What a use case decided. All of it is committed together, or none of it; with nothing in it nothing is written. */
export interface Decision<Row, Answer> {
  readonly answer: Answer;
  readonly changes: readonly RowChange<Row>[];
  readonly records: readonly AuditEntry[];
  readonly messages: readonly OutboxMessage[];
}

/** A decision that changes nothing. */
export function unchanged<Answer>(answer: Answer): Decision<never, Answer> {
  return { answer, changes: [], records: [], messages: [] };
}

/** What a decision may know beside the rows: read after they were locked, so that nothing is decided on an older clock. */
export interface Transaction {
  /** The one instant of this change: in its rows, its records and its messages. */
  readonly at: Instant;
  /** The next version of the store's one rising counter; never given twice. */
  nextVersion(): number;
  /** A new UUID v7, for an `event_id`. */
  newId(): string;
}

/** On whose behalf a change is made; the store writes it into the change's records. */
export interface Origin {
  readonly actor: Actor;
  readonly trace: Trace;
}
