import type { Actor, Trace } from './actor.ts';
import type { Instant } from './clock.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** What a use case says of itself for the trail, before it is an event. */
export interface AuditEntry {
  /** Closed set in contracts/audit/actions.json, e.g. `override.set`. */
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string };
  readonly tenantId?: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  readonly outcome: 'accepted' | 'refused';
  readonly reason?: string;
  readonly approvalRef?: string;
}

/** A CloudEvents 1.0 event in structured JSON; shape in contracts/audit/envelope.v1.schema.json. */
export type AuditEvent = JsonObject & { readonly id: string; readonly source: string };

/** An event with its place in its source's chain. */
export interface Envelope {
  readonly event: AuditEvent;
  /** From 1, with no gaps per source; null until chained. */
  readonly sequence: number | null;
  readonly prev_hash: string | null;
  readonly hash: string | null;
  readonly sink_status: 'deferred' | 'pending' | 'shipped' | 'archived' | 'parked';
}

/** The end of a chain: sequence 0 and 64 zeros before the first record. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** Makes records; the unit of work commits them. Implemented by libs/audit. */
export abstract class AuditRecorder {
  /** The event of an entry, with an id of its own. */
  abstract event(
    entry: AuditEntry,
    by: { readonly actor: Actor; readonly trace: Trace; readonly at: Instant },
  ): AuditEvent;
  /** The event as the next record of the chain that ends in `head`. */
  abstract chain(event: AuditEvent, head: ChainHead): Envelope & ChainHead;
}
