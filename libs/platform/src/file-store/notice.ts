/** A fault in a file that somebody edited. */
export interface FileFault {
  /** RFC 6901 pointer into the document; empty when it is no JSON or the whole is meant. */
  readonly pointer: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly detail: string;
}

/** What the store has to tell whoever runs it; the app logs it. `file` and `keptAs` are names in `folder`. */
export type StoreNotice =
  /** The journal ended in a frame that was never acknowledged: it was copied to `keptAs` and cut off. */
  | {
      readonly kind: 'torn_frame_dropped';
      readonly folder: string;
      readonly file: string;
      readonly offset: number;
      readonly bytes: number;
      readonly keptAs: string;
    }
  /** The last holder of the folder died without giving it back. */
  | { readonly kind: 'stale_lock_taken'; readonly folder: string; readonly pid: number }
  /** Somebody's edit was journalled as that line and is being served. */
  | {
      readonly kind: 'edit_adopted';
      readonly folder: string;
      readonly file: string;
      readonly line: number;
      readonly changes: number;
    }
  /** Somebody's edit cannot be served. It is at `keptAs`, and the last good file is back in place. */
  | {
      readonly kind: 'edit_rejected';
      readonly folder: string;
      readonly file: string;
      readonly keptAs: string;
      readonly detail: string;
      readonly faults: readonly FileFault[];
    }
  /** A snapshot that this journal had once made was put back: what was changed since stands, and is written again. */
  | {
      readonly kind: 'old_snapshot_passed_over';
      readonly folder: string;
      readonly file: string;
      /** The journal's line that it was made of, and the newest one. */
      readonly line: number;
      readonly newest: number;
    }
  /** A write or fsync of the journal failed: every change is refused until restart. */
  | { readonly kind: 'journal_failed'; readonly folder: string; readonly file: string; readonly cause: unknown }
  /** A snapshot could not be written; it is tried again. Nothing is lost by it. */
  | { readonly kind: 'snapshot_failed'; readonly folder: string; readonly file: string; readonly cause: unknown }
  /** A listener threw, which it must not; the others were called. */
  | { readonly kind: 'listener_failed'; readonly folder: string; readonly line: number; readonly cause: unknown };
