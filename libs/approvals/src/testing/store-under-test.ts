import type { Instant } from '#libs/kernel';
import type { ApprovalStore } from '../ports/approval-store.ts';

/** A store under test, freshly made and empty. */
export interface ApprovalStoreUnderTest {
  readonly store: ApprovalStore;
  /** The store's own clock. */
  now(): Instant;
  /** Moves the store's clock on. */
  pass(ms: number): Promise<void>;
  /** What was committed since it was opened, in order: the action of each record, and the cause of each event. */
  committed(): Promise<{ readonly actions: readonly unknown[]; readonly causes: readonly unknown[] }>;
  /** The same store as another process would open it after this one ended; null where nothing outlives it. */
  reopen: (() => Promise<ApprovalStoreUnderTest>) | null;
  close(): Promise<void>;
}
