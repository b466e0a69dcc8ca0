export { type EnvelopeLoss, standardOutput, StreamEnvelopeOut } from './adapters/stream-envelope-out.ts';
export { DeferredSinkHandler } from './deferred-sink.ts';
export { ChainPlaces } from './domain/chain-places.ts';
export { type AuditCursor, FROM_THE_START, readCursor, writeCursor } from './domain/cursor.ts';
export { type ChainedEnvelope, GENESIS, hashOf, isChainedEnvelope } from './domain/envelope.ts';
export { AUDIT_SOURCES, type AuditSource } from './domain/event.ts';
export { type LinkFault, linkFault } from './domain/link.ts';
export { previewEnvelope } from './domain/preview.ts';
export { envelopesOf, recordsOf, type RecordedLine } from './domain/records-of.ts';
export { type AuditFilter, type AuditPage, exportNdjson, matches, ndjsonLine, searchPage } from './domain/search.ts';
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
