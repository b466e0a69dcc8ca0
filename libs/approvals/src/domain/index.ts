export * from './approval.ts';
export * from './approval-document.ts';
export * from './check.ts';
export type { CloseRequest } from './decide-close.ts';
export type { EditRequest } from './decide-edit.ts';
export type { IssueRequest, PlaceView } from './decide-issue.ts';
export { type ApprovalSeeds, type Seeded, parseSeeds } from './decide-seed.ts';
export type { SignRequest } from './decide-sign.ts';
export { parseDuration, type DurationMs } from './duration.ts';
export { isId } from './fields.ts';
export {
  type ChainedRecord,
  type IngestRequest,
  type Ingested,
  type IngestedRecord,
  type SourceState,
  parseChainedRecords,
} from './ingest.ts';
export * from './matrix.ts';
export { type Outcome, type Refusal, settled } from './outcome.ts';
export { APPROVAL_ID_SHAPE, parseStoredApproval } from './parse-approval.ts';
export type { Person } from './refusals.ts';
export type { TransitionCause } from './transition.ts';
export { STALE_AFTER_MS, type TtlState, ttlStateOf } from './ttl-state.ts';
