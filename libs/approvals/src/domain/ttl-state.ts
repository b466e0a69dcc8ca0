import { type Instant, unreachable } from '#libs/kernel';
import { DAY_MS } from './duration.ts';
import type { StoredApproval } from './approval.ts';

export type TtlState = 'valid' | 'expired' | 'stale' | 'not-applicable';

/** Exactly this long past the deadline is still expired. */
export const STALE_AFTER_MS = DAY_MS;

/**
 * Whether an approval counts at that instant: a pure function of state, deadline and instant, with no sweep behind it.
 * The first condition that holds decides; an unreadable row has no deadline to look at.
 */
export function ttlStateOf(approval: StoredApproval, at: Instant): TtlState {
  if (approval.state === 'unreadable') return 'not-applicable';
  const { state, sla_deadline } = approval;
  if (state === 'withdrawn' || state === 'rejected') return 'not-applicable';
  if (sla_deadline === null || at > sla_deadline + STALE_AFTER_MS) return 'stale';
  if (at >= sla_deadline) return 'expired';
  switch (state) {
    case 'pending':
    case 'signed_partial':
      return 'not-applicable';
    case 'signed_full':
      return 'valid';
    default:
      return unreachable(state);
  }
}
