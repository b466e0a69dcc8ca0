/** Every way in which something fails; each can be switched off for a run. */
export const FAULT_KINDS = [
  'bus-cut',
  'tier-cut',
  'reply-lost',
  'tier-flush',
  'tier-evict',
  'tier-failover',
  'admin-cut',
  'slow-network',
  'slow-store',
  'slow-disk',
  'ff-crash',
  'admin-crash',
  'replica-pause',
  'replica-restart',
  'clock-step',
  'issuer-cut',
  'tier-lossy',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault of a plan. */
export interface Fault {
  readonly kind: FaultKind;
  /** When it begins, and how long it lasts, in milliseconds of the world's time. */
  readonly at: number;
  readonly forMs: number;
  /** Which replica or instance, from 0; counted round where there are fewer. */
  readonly target: number;
  /** How bad it is, from 0 up to 1; its meaning is the kind's own. */
  readonly size: number;
}
