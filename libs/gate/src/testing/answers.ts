import type { SensitiveCheckAnswer } from '../approval-check.ts';

/** Admin's allow, on a valid approval. */
export function allowing(answer: Partial<SensitiveCheckAnswer> = {}): SensitiveCheckAnswer {
  return {
    decision: 'allow',
    ttl_state: 'valid',
    approval_ref: 'APP-100001-abcd',
    valid_for_ms: 60_000,
    meta: { operator_alert: false, warnings: [], backing_state: 'file_backed' },
    ...answer,
  };
}

/** Admin's denial for that reason. */
export function denying(reason: string, answer: Partial<SensitiveCheckAnswer> = {}): SensitiveCheckAnswer {
  return {
    decision: 'deny',
    ttl_state: 'not-applicable',
    reason,
    meta: { operator_alert: false, warnings: [], backing_state: 'file_backed' },
    ...answer,
  };
}
