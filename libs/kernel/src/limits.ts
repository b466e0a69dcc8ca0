/** Every bound of the product, each with its reason. Sizes in bytes, times in milliseconds, lengths in UTF-16 units. */
export const LIMITS = {
  /** A request body. The largest honest one is an import of some 5,000 flags at 200 bytes. */
  bodyBytes: 1_048_576,
  /** Nesting of any body or context: deeper ones cost stack in every parser below. */
  jsonDepth: 16,
  /** An evaluation context, serialised: it is digested and evaluated on the hot path. */
  contextBytes: 65_536,
  /** A flag key. */
  flagKeyLength: 128,
  /** A tenant, user or subject id: it becomes part of keys. */
  subjectIdLength: 256,
  /** The id of what a record tells of: an override's names subject and flag, percent-encoded, up to 9 for one. */
  auditTargetIdLength: 4_096,
  /** A reason, justification or comment. */
  reasonLength: 2_000,
  /** A bearer token: our own have 1 to 2 kB, and header lines end at 16 kB. */
  tokenLength: 8_192,
  /** A list's page. */
  pageSize: 100,
  pageSizeMax: 500,
  /** Flags of one bulk evaluation. */
  bulkFlags: 1_000,
  /** Flags whose last answer is kept as text, and how long such a text may be: most have 500, and all at most 20 MB. */
  keptAnswers: 10_000,
  keptAnswerLength: 1_000,
  /** Checks of one call to sensitive.check.2b. */
  checksPerCall: 100,
  /** Flags of one registry; its snapshot is parsed whole. */
  registryFlags: 50_000,
  /** Records of one call to admin.audit.ingest. */
  ingestRecords: 500,
  /** Such calls that wait for the journal, each with up to a body's worth of records; beyond it a shipper gets 429. */
  ingestsWaiting: 16,
  /** Changes in one journal frame: bounds what a torn frame can take with it and how long a caller waits. */
  frameLines: 1_024,
  /** Changes waiting for the journal; beyond it callers get 503 at once instead of a growing queue. */
  waitingChanges: 10_000,
  /** Verified tokens remembered by digest. */
  rememberedTokens: 10_000,
  /** Reusable allows of the gate. */
  reusableAllows: 10_000,
  /** The gate's call to Admin, and the deadline of all it does for one request. */
  gateCallMs: 900,
  gateDeadlineMs: 1_000,
  /** Consecutive failures that open the breaker, and how long it stays open. */
  breakerFailures: 5,
  breakerOpenMs: 1_000,
  breakerOpenMaxMs: 30_000,
  /** (flag, tenant, reason) keys of denied evaluations counted per replica and minute; the rest is counted by reason alone. */
  denialKeys: 1_000,
  /** Keys that one audit record names of each kind of change: three such lists of the longest keys fit a body. */
  recordedKeys: 1_000,
  /** Faults named in one error answer. */
  faultsPerAnswer: 50,
} as const;
