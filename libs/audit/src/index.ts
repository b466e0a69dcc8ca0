export { standardOutput } from './adapters/stream-envelope-out.ts';
export { DeferredSinkHandler } from './deferred-sink.ts';
export { ChainPlaces } from './domain/chain-places.ts';
export { type AuditCursor, FROM_THE_START, readCursor, writeCursor } from './domain/cursor.ts';
export { type ChainedEnvelope, GENESIS } from './domain/envelope.ts';
export type { AuditSource } from './domain/event.ts';
export { type AuditFilter, type AuditPage, matches, ndjsonLine, searchPage } from './domain/search.ts';
export {
  type Alteration,
  type ExpectedChain,
  exitCodeOf,
  type SoundChain,
  type Verification,
} from './domain/verification.ts';
export { type ReadRecord, verifyChain } from './domain/verify.ts';
export { EnvelopeRecorded } from './envelope-recorded.ts';
export { EnvelopeOut } from './ports/envelope-out.ts';
export { ChainedRecorder } from './recorder.ts';
