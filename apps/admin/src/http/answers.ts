import { approvalAnswer, ttlStateOf, type StoredApproval } from '#libs/approvals';
import type { Instant, JsonObject } from '#libs/kernel';

/** An approval as every route answers it; ttl_state as it is at that instant. */
export function approvalView(approval: StoredApproval, at: Instant): JsonObject {
  return { ...approvalAnswer(approval), ttl_state: ttlStateOf(approval, at) };
}
