// Generated from contracts/ by `npm run generate`; do not edit.
/** Every action that an audit record can name. */
export const AUDIT_ACTIONS = [
  'override.set',
  'override.removed',
  'registry.reloaded',
  'registry.imported',
  'registry.seeded',
  'cache.invalidated',
  'evaluation.denied',
  'approval.issued',
  'approval.edited',
  'approval.signed',
  'approval.sign_refused',
  'approval.rejected',
  'approval.withdrawn',
  'approvals.seeded',
  'ingest.accepted',
  'ingest.refused',
  'sensitive.checked',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];
