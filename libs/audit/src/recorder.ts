import { type AuditEntry, type AuditEvent, AuditRecorder, type ChainHead, type Ids, invariant } from '#libs/kernel';
import { type ChainedEnvelope, hashOf } from './domain/envelope.ts';
import { type AuditSource, eventOf, type RecordedBy } from './domain/event.ts';

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
    return eventOf(entry, by, { id: this.#ids.uuidV7(by.at), source: this.#source });
  }

  /** Canonicalises and hashes once: some microseconds, paid by every change inside the writer. */
  chain(event: AuditEvent, head: ChainHead): ChainedEnvelope {
    invariant(event.source === this.#source, 'a chain holds the records of one source');
    const sequence = head.sequence + 1;
    const hash = hashOf(event, sequence, head.hash);
    return { event, sequence, prev_hash: head.hash, hash, sink_status: 'deferred' };
  }
}
