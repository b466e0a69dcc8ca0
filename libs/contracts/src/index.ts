/**
 * The door: types, schemas and validators made from contracts/, request classes, the HTTP face of each error code.
 *
 * A schema, its validator and its type are named by their file: `contracts/http/evaluate-request.schema.json` is
 * `schemas.evaluateRequest`, `validators.evaluateRequest` and `EvaluateRequest`; definitions inside a file give
 * further types (`FlagDefinition`, `SensitiveCheck`, …).
 *
 * `validators.evaluateRequest(value)` is a type guard, `.faultsOf(value)` names all that is wrong, each with
 * its JSON pointer.
 */
export { AUDIT_ACTIONS, type AuditAction } from './generated/actions.generated.ts';
export { ERRORS, ERROR_TYPE_BASE } from './generated/errors.generated.ts';
export { CUTOVER_STAGES, READINESS_CHECKS, type ReadinessCheck } from './generated/readiness.generated.ts';
export { schemas, validators } from './generated/schemas.generated.ts';
export type * from './generated/types.generated.ts';
export { type Keywords, replaceKeywords, TEXT_LENGTHS } from './text-lengths.ts';
export type { Validator } from './validator.ts';
export { EditBody, IssueBody, PreviewBody, RejectBody, SignBody, WithdrawBody } from './http/approval-bodies.ts';
export { InvalidateBody, OverrideBody } from './http/flag-bodies.ts';
export { ApprovalsQuery, AuditQuery, ExportQuery, ImportQuery, PageQuery } from './http/queries.ts';
