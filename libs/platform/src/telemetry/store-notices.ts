import { unreachable } from '#libs/kernel';
import type { StoreNotice } from '../file-store/index.ts';
import type { Log } from './log.ts';

/** Says in the log what a file store has to tell. */
export function logStoreNotices(log: Log): (notice: StoreNotice) => void {
  return (notice) => {
    const { kind, ...fields } = notice;
    switch (kind) {
      case 'torn_frame_dropped':
        log.warn('the journal ended in a frame that was never acknowledged; it was set aside', fields);
        return;
      case 'stale_lock_taken':
        log.warn('the last process that held the data folder ended without giving it back', fields);
        return;
      case 'edit_adopted':
        log.info('somebody’s edit of a file was journalled and is being served', fields);
        return;
      case 'edit_rejected':
        log.error('somebody’s edit of a file cannot be served; it was set aside', fields);
        return;
      case 'old_snapshot_passed_over':
        log.warn(
          'an old snapshot was put back and is passed over, since the journal has all that changed after it; to restore it, take its member "journal" out first',
          fields,
        );
        return;
      case 'journal_failed':
        log.error('the journal cannot be written: every change is refused until restart', fields);
        return;
      case 'snapshot_failed':
        log.warn('a snapshot could not be written; it is tried again', fields);
        return;
      case 'listener_failed':
        log.error('a listener of the store failed', fields);
        return;
      default:
        unreachable(kind);
    }
  };
}
