// Generated from contracts/ by `npm run generate`; do not edit.
import type {JsonObject, JsonValue} from '#libs/kernel';

/**
 * A UUID, version 7.
 */
export type Uuid = string;
/**
 */
export type AuditSource = '/ptt/ff' | '/ptt/admin';
/**
 * RFC 3339 in UTC with milliseconds, as every answer and event carries it.
 */
export type Instant = string;
/**
 * A tenant, user, subject, target, row or role.
 */
export type Id = string;
/**
 * The id of what was changed. An override's is `scope:subject:flag`, subject and flag percent-encoded: up to 9 characters for one of an id.
 */
export type AuditTargetId = string;
/**
 * A reason, justification or comment.
 */
export type Text = string;
/**
 * SHA-256 in lower-case hex.
 */
export type Sha256 = string;
/**
 * How far the record has come.
 */
export type SinkStatus = 'deferred' | 'pending' | 'shipped' | 'archived' | 'parked';
/**
 * RFC 3339 with any offset, as people write it; cut to milliseconds.
 */
export type GivenInstant = string;
/**
 * From one rising counter per store; never given twice.
 */
export type Version = number;
/**
 * Any flagd key. Keys of this product's own registry are ff.*, dot separated.
 */
export type FlagKey = string;
/**
 * A word of a closed set, in lower case.
 */
export type Word = string;
/**
 */
export type ApprovalId = string;
/**
 */
export type ApprovalState = 'pending' | 'signed_partial' | 'signed_full' | 'rejected' | 'withdrawn';
/**
 */
export type TtlState = 'valid' | 'expired' | 'stale' | 'not-applicable';
/**
 */
export type GateDecision = 'allow' | 'deny' | 'allow-with-warning';
/**
 * Why Admin denied.
 */
export type DenialReason =
  | 'approval_missing'
  | 'approval_pending'
  | 'dual_signers_required'
  | 'approval_expired'
  | 'approval_stale'
  | 'approval_withdrawn'
  | 'approval_rejected'
  | 'approval_mismatch'
  | 'policy_fail_safe'
  | 'matrix_row_unknown';
/**
 * Why the answer is what it is: one closed set for answer, chain, audit and metrics.
 */
export type EvaluationReason =
  | 'user_override_precedence'
  | 'user_override'
  | 'tenant_override'
  | 'targeting_match'
  | 'split'
  | 'registry_default'
  | 'flag_disabled'
  | 'flag_not_found'
  | 'targeting_error'
  | 'approval_missing'
  | 'approval_pending'
  | 'dual_signers_required'
  | 'approval_expired'
  | 'approval_stale'
  | 'approval_withdrawn'
  | 'approval_rejected'
  | 'approval_mismatch'
  | 'policy_fail_safe'
  | 'admin_unreachable'
  | 'admin_refused'
  | 'matrix_row_unknown';
/**
 */
export type BackingState = 'file_backed' | 'db_backed';
/**
 */
export type CacheState = 'hit' | 'miss' | 'stale' | 'uncached';
/**
 */
export type VerificationMode = 'verified' | 'decode-only';
/**
 * What the caller should know, e.g. auth_not_verified, file_backed_not_replicated, override_invalid, approval_expiring.
 */
export type Warnings = Word[];
/**
 * What targeting may read; free-form, at most 65,536 bytes and 16 levels deep.
 */
export type Context = JsonObject;
/**
 */
export type CacheNamespace = 'flag' | 'override' | 'evaluated' | 'jwks';
/**
 * ISO 8601 of weeks, days, hours, minutes and seconds only; a day is 24 h.
 */
export type Duration = string;
/**
 * A variant's value.
 */
export type VariantValue = boolean | string | number | JsonObject;
/**
 * A variant's name.
 */
export type VariantName = string;
/**
 * flagd JSONLogic; free-form.
 */
export type Targeting = JsonObject;
/**
 * Whether the chains hold, or the first thing that does not.
 */
export type AuditVerification = SoundTrail | AlteredTrail | TrailWithGap | UncheckedTrail;
/**
 * In the order of the checks, all at one instant.
 *
 * @minItems 1
 * @maxItems 100
 */
export type SensitiveCheckAnswers = SensitiveCheckAnswer[];
/**
 * One check, or many at one instant.
 */
export type SensitiveCheckRequest = SensitiveCheck | SensitiveChecks;

export interface Bundle {}
/**
 * hash is SHA-256 over the RFC 8785 bytes of {event, sequence, prev_hash}. All three chain members are null until chained, and in a preview.
 */
export interface EnvelopeV1 {
  event: AuditCloudEvent;
  sequence: number | null;
  prev_hash: Sha256 | null;
  hash: Sha256 | null;
  sink_status: SinkStatus;
}
/**
 * A CloudEvents 1.0 event in structured JSON.
 */
export interface AuditCloudEvent {
  specversion: '1.0';
  id: Uuid;
  source: AuditSource;
  type: string;
  subject: string;
  time: Instant;
  datacontenttype: 'application/json';
  data: AuditData;
}
/**
 */
export interface AuditData {
  actor: AuditActor;
  tenant_id?: Id;
  action:
    | 'override.set'
    | 'override.removed'
    | 'registry.reloaded'
    | 'registry.imported'
    | 'registry.seeded'
    | 'cache.invalidated'
    | 'evaluation.denied'
    | 'approval.issued'
    | 'approval.edited'
    | 'approval.signed'
    | 'approval.sign_refused'
    | 'approval.rejected'
    | 'approval.withdrawn'
    | 'approvals.seeded'
    | 'ingest.accepted'
    | 'ingest.refused'
    | 'sensitive.checked';
  target: AuditTarget;
  /**
   * Any JSON value.
   */
  before?: JsonValue;
  /**
   * Any JSON value.
   */
  after?: JsonValue;
  outcome: 'accepted' | 'refused';
  reason?: Text;
  approval_ref?: Id;
  correlation_id: Id;
  causation_id?: Id;
}
/**
 * Who did it; verified is false where the token's claims were read and not checked.
 */
export interface AuditActor {
  id: Id;
  roles: Id[];
  verified: boolean;
}
/**
 */
export interface AuditTarget {
  type: Id;
  id: AuditTargetId;
}
/**
 * A record in its place in its source's chain.
 */
export interface ChainedEnvelope {
  event: AuditCloudEvent;
  sequence: number;
  prev_hash: Sha256;
  hash: Sha256;
  sink_status: SinkStatus;
}
/**
 * Published by Admin on channel approval_ttl_refresh at every transition, bare. A hint, never the truth itself.
 */
export interface ApprovalTtlRefreshV1 {
  event_id: Uuid;
  event: 'approval_ttl_refresh';
  approval_id: ApprovalId;
  target_type: Id;
  target_id: Id;
  matrix_row: Id;
  state: ApprovalState;
  ttl_state: TtlState;
  sla_deadline: Instant | null;
  revision: Version;
  version: Version;
  occurred_at: Instant;
  cause: 'issued' | 'edited' | 'signed' | 'rejected' | 'withdrawn' | 'superseded' | 'seeded' | 'foreign_edit';
}
/**
 * Published by FF on channel ptt.ff.invalidate, bare. A hint to drop what is cached. ttl_expiry stays on the replica's own event bus.
 */
export interface PttFfInvalidateV1 {
  v: 1;
  event_id: Uuid;
  namespace: CacheNamespace;
  trigger: 'override_mutation' | 'registry_reload' | 'ttl_expiry' | 'manual_op';
  occurred_at: Instant;
  source: Id;
  /**
   * The cache key, its parts percent-encoded.
   */
  key?: string;
  version?: Version;
  scope?: InvalidationScope;
  epoch?: number;
}
/**
 * What is dropped: everything, one flag, one tenant or one user.
 */
export interface InvalidationScope {
  flag?: FlagKey;
  tenant?: Id;
  user?: Id;
}
/**
 * reference_time stands only in fixtures: seeding shifts every instant, once, so that it becomes the instant of seeding.
 */
export interface ApprovalExamples {
  $schema?: string;
  reference_time?: GivenInstant;
  approvals: ApprovalRow[];
  journal?: JournalMark;
}
/**
 * content_hash is SHA-256 over the RFC 8785 bytes of {target_type, target_id, matrix_row, sla_deadline, justification}, sla_deadline in UTC with milliseconds.
 */
export interface ApprovalRow {
  id: ApprovalId;
  target_type: Id;
  target_id: Id;
  matrix_row: Id;
  justification: Text;
  /**
   * @minItems 1
   */
  required_roles: Id[];
  required_signer_count: number;
  state: ApprovalState;
  revision: Version;
  content_hash: Sha256;
  /**
   * Never absent at issue; without one an approval is stale.
   */
  sla_deadline: GivenInstant | null;
  issued_by: Id;
  issued_at: GivenInstant;
  edited_by?: Id;
  edited_at?: GivenInstant;
  closed_at?: GivenInstant;
  version?: Version;
  signatures: SignatureRow[];
}
/**
 * Unique by (approval, revision, role) and by (approval, revision, signer); those of earlier revisions count for nothing and are kept.
 */
export interface SignatureRow {
  approval_id: ApprovalId;
  revision: Version;
  signer: Id;
  role: Id;
  signed_at: GivenInstant;
  content_hash: Sha256;
  comment?: Text;
}
/**
 * Written by the store: the journal's position, the versions that are gone, and a digest by which somebody else's edit is noticed.
 */
export interface JournalMark {
  /**
   * Which journal: the SHA-256 of its first line; null while it has none.
   */
  id: Sha256 | null;
  line: number;
  offset: number;
  version: number;
  chain: ChainPosition;
  tombstones: Tombstone[];
  digest: Sha256;
}
/**
 */
export interface ChainPosition {
  sequence: number;
  hash: Sha256;
}
/**
 */
export interface Tombstone {
  key: string;
  version: Version;
}
/**
 */
export interface ApprovalMatrix {
  $schema?: string;
  rows: MatrixRow[];
}
/**
 * A row with no roles denies.
 */
export interface MatrixRow {
  row: Id;
  required_roles: Id[];
  use_within: Duration;
  warn_before: Duration;
  self_sign: false;
}
/**
 * Tenant and user overrides in one file; subject_id is the tenant or the user. One per scope, subject and flag.
 */
export interface OverrideExamples {
  $schema?: string;
  tenant_overrides: OverrideRow[];
  user_overrides: OverrideRow[];
  journal?: JournalMark;
}
/**
 */
export interface OverrideRow {
  subject_id: Id;
  flag_key: FlagKey;
  value?: VariantValue;
  variant?: VariantName;
  reason: Text;
  expires_at?: GivenInstant;
  set_by?: Id;
  set_at?: GivenInstant;
  version?: Version;
}
/**
 * flagd-compatible definitions; a snapshot adds its mark. Versions in a file edited by hand are ignored.
 */
export interface Registry {
  $schema?: string;
  flags: {
    [k: string]: FlagDefinition;
  };
  journal?: JournalMark;
}
/**
 * A flagd definition with this product's own fields.
 */
export interface FlagDefinition {
  state: 'ENABLED' | 'DISABLED';
  variants: {
    [k: string]: VariantValue;
  };
  defaultVariant: VariantName;
  targeting?: Targeting;
  /**
   * flagd's own; free-form.
   */
  metadata?: {
    [k: string]: string | number | boolean;
  };
  sensitive_flag?: boolean;
  requires_approval?: boolean;
  off_variant?: VariantName;
  approval_matrix_row?: Id;
  owner?: Id;
  description?: Text;
  lifecycle?: 'active' | 'deprecated' | 'archived';
  expected_lifetime_days?: number;
  surface?: Surface;
  created_at?: GivenInstant;
  version?: Version;
}
/**
 */
export interface Surface {
  runtime: Id;
  current_gate: Id;
}
/**
 * Only the signatures that count, those of its revision; ttl_state as it was when answered.
 */
export interface ApprovalAnswer {
  id: ApprovalId;
  target_type: Id;
  target_id: Id;
  matrix_row: Id;
  justification: Text;
  /**
   * @minItems 1
   */
  required_roles: Id[];
  required_signer_count: number;
  state: ApprovalState;
  revision: Version;
  content_hash: Sha256;
  /**
   * Never absent at issue; without one an approval is stale.
   */
  sla_deadline: GivenInstant | null;
  issued_by: Id;
  issued_at: GivenInstant;
  edited_by?: Id;
  edited_at?: GivenInstant;
  closed_at?: GivenInstant;
  version: Version;
  signatures: SignatureRow[];
  ttl_state?: TtlState;
}
/**
 */
export interface ApprovalList {
  /**
   * @maxItems 500
   */
  approvals: ApprovalAnswer[];
  /**
   * Where the next page begins; null on the last one.
   */
  next_cursor: string | null;
}
/**
 * Oldest first; with format=ndjson one record a line instead.
 */
export interface AuditList {
  /**
   * @maxItems 500
   */
  records: EnvelopeV1[];
  /**
   * Where the next page begins; null on the last one.
   */
  next_cursor: string | null;
}
/**
 */
export interface SoundTrail {
  result: 'sound';
  sources: SoundChain[];
}
/**
 */
export interface SoundChain {
  source: Id;
  first_sequence: number;
  last_sequence: number;
  last_hash: Sha256;
  count: number;
}
/**
 */
export interface AlteredTrail {
  result: 'altered';
  what:
    | 'hash_mismatch'
    | 'prev_hash_mismatch'
    | 'wrong_first_prev_hash'
    | 'repeated_sequence'
    | 'malformed'
    | 'foreign_source'
    | 'reordered'
    | 'head_mismatch'
    | 'journal_damaged';
  source: Id | null;
  sequence: number | null;
  detail: string;
}
/**
 */
export interface TrailWithGap {
  result: 'gap';
  source: Id;
  missing: number;
  next: number | null;
  detail: string;
}
/**
 */
export interface UncheckedTrail {
  result: 'unchecked';
  detail: string;
}
/**
 * One answer a flag. What differs from call to call stands in PTT-Cache, PTT-Replica, PTT-Correlation-Id and PTT-Evaluated-At.
 */
export interface BulkAnswer {
  flags: BulkEvaluation[];
}
/**
 */
export interface BulkEvaluation {
  flag_key: FlagKey;
  enabled: boolean;
  /**
   * The variant's value; null where the flag is disabled or unknown.
   */
  value: JsonValue;
  variant: string | null;
  reason: EvaluationReason;
  warnings: Warnings;
  meta: BulkEvaluationMeta;
}
/**
 */
export interface BulkEvaluationMeta {
  backing_state: BackingState;
  verification: VerificationMode;
  /**
   * All four layers, top to bottom.
   *
   * @minItems 4
   * @maxItems 4
   */
  chain: ChainLayer[];
  /**
   * Null where the gate was not asked.
   */
  gate: GateOutcome | null;
  approval_ref: Id | null;
  ttl_state: TtlState | null;
  operator_alert: boolean;
  flag_version: Version | null;
}
/**
 * One layer that was consulted, or not.
 */
export interface ChainLayer {
  layer: 'user_override' | 'tenant_override' | 'targeting' | 'registry_default';
  subject?: Id;
  outcome: 'matched' | 'shadowed' | 'expired' | 'absent' | 'invalid' | 'not_matched' | 'not_consulted';
  /**
   * Any JSON value.
   */
  value?: JsonValue;
}
/**
 */
export interface GateOutcome {
  matrix_row: Id;
  decision: GateDecision;
}
/**
 */
export interface BulkRequest {
  /**
   * All flags when absent.
   *
   * @minItems 1
   * @maxItems 1000
   */
  flag_keys?: FlagKey[];
  tenant_id?: Id;
  user_id?: Id;
  context?: Context;
}
/**
 */
export interface CutoverAnswer {
  /**
   * @minItems 28
   * @maxItems 28
   */
  checks: CutoverCheck[];
  layers: CutoverLayer[];
}
/**
 */
export interface CutoverCheck {
  id: string;
  title: string;
  group: 'A' | 'B' | 'C' | 'D' | 'E' | 'F';
  owner: 'FF' | 'Admin' | 'both';
  lock_stepped_with: string[];
  guards: string[];
  evidence_max_age: string;
  probe: string;
  planted_defect: string;
  /**
   * not_run until a rehearsal brings evidence.
   */
  status: 'not_run' | 'passed' | 'failed';
}
/**
 */
export interface CutoverLayer {
  layer: 'store' | 'cache' | 'audit' | 'auth';
  stage: string;
  epoch: number;
}
/**
 */
export interface EvaluateAnswer {
  flag_key: FlagKey;
  enabled: boolean;
  /**
   * The variant's value; null where the flag is disabled or unknown.
   */
  value: JsonValue;
  variant: string | null;
  reason: EvaluationReason;
  warnings: Warnings;
  meta: EvaluationMeta;
}
/**
 */
export interface EvaluationMeta {
  backing_state: BackingState;
  verification: VerificationMode;
  /**
   * All four layers, top to bottom.
   *
   * @minItems 4
   * @maxItems 4
   */
  chain: ChainLayer[];
  /**
   * Null where the gate was not asked.
   */
  gate: GateOutcome | null;
  approval_ref: Id | null;
  ttl_state: TtlState | null;
  operator_alert: boolean;
  flag_version: Version | null;
  cache: CacheState;
  replica: Id;
  correlation_id: Id;
  evaluated_at: Instant;
}
/**
 */
export interface EvaluateRequest {
  flag_key: FlagKey;
  tenant_id?: Id;
  user_id?: Id;
  context?: Context;
}
/**
 * A definition; members that are absent, null or false in the registry are left out.
 */
export interface FlagAnswer {
  key: FlagKey;
  state: 'ENABLED' | 'DISABLED';
  variants: {
    [k: string]: VariantValue;
  };
  defaultVariant: VariantName;
  targeting?: Targeting;
  /**
   * flagd's own; free-form.
   */
  metadata?: {
    [k: string]: string | number | boolean;
  };
  sensitive_flag?: boolean;
  requires_approval?: boolean;
  off_variant?: VariantName;
  approval_matrix_row?: Id;
  owner?: Id;
  description?: Text;
  lifecycle: 'active' | 'deprecated' | 'archived';
  expected_lifetime_days?: number;
  surface?: Surface;
  created_at: GivenInstant;
  version: Version;
  /**
   * Served as on only while an approval holds.
   */
  gated: boolean;
  /**
   * Past its expected lifetime.
   */
  stale: boolean;
}
/**
 */
export interface FlagList {
  /**
   * @maxItems 500
   */
  flags: FlagAnswer[];
  /**
   * Where the next page begins; null on the last one.
   */
  next_cursor: string | null;
}
/**
 */
export interface ImportAnswer {
  added: FlagKey[];
  changed: FlagKey[];
  removed: FlagKey[];
  dry_run: boolean;
  warnings: Warnings;
  meta: BackedMeta;
}
/**
 */
export interface BackedMeta {
  backing_state: BackingState;
}
/**
 */
export interface IngestAnswer {
  /**
   * The last sequence that Admin holds of this source.
   */
  accepted_through: number;
}
/**
 */
export interface IngestRequest {
  source: AuditSource;
  /**
   * @minItems 1
   * @maxItems 500
   */
  records: ChainedEnvelope[];
}
/**
 */
export interface InvalidateAnswer {
  /**
   * @minItems 1
   * @maxItems 4
   */
  namespaces: CacheNamespace[];
  scope: InvalidationScope;
  warnings: Warnings;
  meta: {
    backing_state: BackingState;
  };
}
/**
 */
export interface MatrixAnswer {
  rows: MatrixRow[];
}
/**
 */
export interface OverrideAnswer {
  /**
   * Null when there is none now.
   */
  override: OverrideView | null;
  warnings: Warnings;
  meta: OverrideMeta;
}
/**
 * value is what the variant stands for now; null where the override no longer fits its flag.
 */
export interface OverrideView {
  scope: 'tenant' | 'user';
  subject_id: Id;
  flag_key: FlagKey;
  variant: VariantName;
  value: VariantValue | null;
  reason: Text;
  expires_at: Instant | null;
  set_by: Id;
  set_at: Instant;
  version: Version;
}
/**
 */
export interface OverrideMeta {
  backing_state: BackingState;
  verification: VerificationMode;
}
/**
 */
export interface OverrideList {
  /**
   * @maxItems 500
   */
  overrides: OverrideView[];
  /**
   * Where the next page begins; null on the last one.
   */
  next_cursor: string | null;
}
/**
 * What the check would say, and the record that it would make: in no chain, kept nowhere.
 */
export interface PreviewAnswer {
  check: SensitiveCheckAnswer;
  envelope: EnvelopeV1;
}
/**
 */
export interface SensitiveCheckAnswer {
  decision: GateDecision;
  ttl_state: TtlState;
  approval_ref?: Id;
  reason?: DenialReason;
  /**
   * For how long this very answer holds, from the instant of the check: until warn_before or the deadline.
   */
  valid_for_ms?: number;
  meta: SensitiveCheckMeta;
}
/**
 */
export interface SensitiveCheckMeta {
  operator_alert: boolean;
  warnings: Warnings;
  backing_state: BackingState;
}
/**
 * Extension members belong to their code, as RFC 9457 asks; clients ignore those that they do not know.
 */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: Word;
  /**
   * RFC 6901, as a URI fragment, to the field at fault: #/reason in the body, #/path/flag_key, #/query/limit or #/header/If-Match elsewhere.
   */
  pointer?: string;
  correlation_id: string;
  instance?: string;
  /**
   * All that is wrong, where there may be several; the first is the one that pointer names.
   *
   * @minItems 1
   * @maxItems 50
   */
  faults?: ProblemFault[];
  /**
   * How many more there are.
   */
  faults_left_out?: number;
  /**
   * With ingest_gap.
   */
  expected_sequence?: number;
  [k: string]: unknown;
}
/**
 */
export interface ProblemFault {
  pointer: string;
  detail: string;
}
/**
 */
export interface ReloadAnswer {
  /**
   * How many flags the registry has now.
   */
  flags: number;
  warnings: Warnings;
  meta: BackedMeta;
}
/**
 * What is asked for: this target under this row of the matrix.
 */
export interface SensitiveCheck {
  target_type: Id;
  target_id: Id;
  matrix_row: Id;
}
/**
 */
export interface SensitiveChecks {
  /**
   * @minItems 1
   * @maxItems 100
   */
  checks: SensitiveCheck[];
}
/**
 */
export interface SurfaceList {
  surfaces: RolloutSurface[];
}
/**
 */
export interface RolloutSurface {
  flag_key: FlagKey;
  runtime: Id;
  current_gate: Id;
  default_on: boolean;
  gated: boolean;
  flag_version: Version;
}
