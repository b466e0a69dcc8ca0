import type { StoreNotice } from '#libs/platform';
import type { FaultKind } from '../faults/kinds.ts';
import { ADMIN_FOLDER } from './admin-process.ts';
import { FF_FOLDER } from './ff-process.ts';

/** What in a world a notice of a store can come from; nothing, where only a fault of ours gives it. */
const SOURCES: Readonly<Record<StoreNotice['kind'], 'crash' | 'editor' | null>> = {
  // A machine that goes down leaves what it was writing, and the folder as taken.
  torn_frame_dropped: 'crash',
  stale_lock_taken: 'crash',
  edit_adopted: 'editor',
  edit_rejected: 'editor',
  // Nobody puts a file back. After a crash an older snapshot may be there, which the store then takes for its last one.
  old_snapshot_passed_over: null,
  // The disk of a world loses what was not synced, and never refuses anything: what ends a process ends its writing.
  journal_failed: null,
  snapshot_failed: null,
  listener_failed: null,
};

/** Which crash each folder goes through. */
const CRASHES: Readonly<Record<string, FaultKind>> = { [FF_FOLDER]: 'ff-crash', [ADMIN_FOLDER]: 'admin-crash' };

/**
 * What a notice tells of that nothing in a world explains, as an exception; null where something does.
 * @param felt what went wrong so far
 */
export function unexplained(notice: StoreNotice, felt: ReadonlyMap<FaultKind, number>): unknown {
  const { kind, folder } = notice;
  const crash = CRASHES[folder];
  const hasCrashed = crash !== undefined && (felt.get(crash) ?? 0) > 0;
  const source = SOURCES[kind];
  if (source === 'crash' && hasCrashed) return null;
  // Files are edited in FF's folder only.
  if (source === 'editor' && folder === FF_FOLDER) return null;
  return 'cause' in notice ? notice.cause : new Error(`the store in ${folder} gave notice of ${kind}`);
}
