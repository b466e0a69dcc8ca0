import type { JsonObject, OutboxMessage } from '#libs/kernel';

/** An approval is not what it was; the change is committed. Its payload is the event `approval_ttl_refresh`. */
export class ApprovalTransitioned {
  constructor(readonly payload: JsonObject) {}
}

/** The CQRS event of a committed message; null for a message of another channel. */
export function approvalTransitionedOf({ channel, payload }: OutboxMessage): ApprovalTransitioned | null {
  return channel === 'approval_ttl_refresh' ? new ApprovalTransitioned(payload) : null;
}
