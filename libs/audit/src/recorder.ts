import { type AuditEntry, type AuditEvent, AuditRecorder, type ChainHead, type Ids, invariant } from '#libs/kernel';
import { AUDIT_ACTIONS } from '#libs/contracts';
import { type ChainedEnvelope, hashOf } from './domain/envelope.ts';
import { type AuditSource, eventOf, type RecordedBy } from './domain/event.ts';

const ACTIONS: ReadonlySet<string> = new Set(AUDIT_ACTIONS);

/** Makes one service's records and links each to the one before. One ordered writer per source may use it. */
export class ChainedRecorder extends AuditRecorder {
  readonly #source: AuditSource;
  readonly #ids: Ids;

  constructor(source: AuditSource, ids: Ids) {
    super();
    this.#source = source;
    this.#ids = ids;
  }

  event(entry: AuditEntry, by: RecordedBy): AuditEvent {
    invariant(ACTIONS.has(entry.action), `${entry.action} is an action of contracts/audit/actions.json`);
    return eventOf(entry, by, { id: this.#ids.uuidV7(by.at), source: this.#source });
  }

  /**
   * Canonicalises and hashes once: some microseconds, paid by every change inside the writer.
   * It looks at no source, so that whoever takes in another service's chain can check it with the same rule.
   */
  chain(event: AuditEvent, head: ChainHead): ChainedEnvelope {
    const sequence = head.sequence + 1;
    const hash = hashOf(event, sequence, head.hash);
    return { event, sequence, prev_hash: head.hash, hash, sink_status: 'deferred' };
  }
}
