import type { Envelope } from '#libs/kernel';

/** A change was committed, and this is its record. One event per envelope, in the order of the journal. */
export class EnvelopeRecorded {
  readonly envelope: Envelope;

  constructor(envelope: Envelope) {
    this.envelope = envelope;
  }
}
