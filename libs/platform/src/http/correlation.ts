import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, Ids } from '#libs/kernel';

/** Read from requests and set on every answer. */
export const CORRELATION_HEADER = 'PTT-Correlation-Id';

/** Bounded, and nothing that a log, a header or a shell could take for its own. */
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
/** W3C Trace Context: version, trace-id, parent-id, flags; version ff and ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;

/** The id that joins a request's records: the caller's own, their trace's, or a new UUID v7. What is malformed is not taken. */
export function correlationIdOf(headers: IncomingHttpHeaders, ids: Ids, clock: Clock): string {
  const own = headers['ptt-correlation-id'];
  if (typeof own === 'string' && WELL_FORMED.test(own)) return own;
  const parent = headers['traceparent'];
  const trace = typeof parent === 'string' ? TRACEPARENT.exec(parent)?.[1] : undefined;
  return trace ?? ids.uuidV7(clock.now());
}
