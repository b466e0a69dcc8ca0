import type { AuditEvent, Envelope } from '#libs/kernel';

/** The envelope that a change would make. It has no place in any chain, and nothing keeps it. */
export function previewEnvelope(event: AuditEvent): Envelope {
  return { event, sequence: null, prev_hash: null, hash: null, sink_status: 'deferred' };
}
