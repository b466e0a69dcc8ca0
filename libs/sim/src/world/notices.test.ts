import { describe, expect, it } from '@jest/globals';
import type { StoreNotice } from '#libs/platform';
import { ADMIN_FOLDER } from './admin-process.ts';
import { FF_FOLDER } from './ff-process.ts';
import { unexplained } from './notices.ts';

const CALM = new Map();

function torn(folder: string): StoreNotice {
  return { kind: 'torn_frame_dropped', folder, file: 'journal.log', offset: 9, bytes: 2, keptAs: 'journal.log.torn-1' };
}

function adopted(folder: string): StoreNotice {
  return { kind: 'edit_adopted', folder, file: 'registry.json', line: 3, changes: 1 };
}

describe('a notice of a store', () => {
  it('of what a crash leaves is explained by a crash of that very machine', () => {
    const felt = new Map([['ff-crash', 1] as const]);
    const taken: StoreNotice = { kind: 'stale_lock_taken', folder: FF_FOLDER, pid: 1 };
    expect([unexplained(torn(FF_FOLDER), felt), unexplained(taken, felt)]).toEqual([null, null]);
    for (const unheardOf of [unexplained(torn(ADMIN_FOLDER), felt), unexplained(torn(FF_FOLDER), CALM)]) {
      expect(String(unheardOf)).toMatch(/^Error: the store in \/data\/\w+ gave notice of torn_frame_dropped$/);
    }
  });

  it('of an edit is explained where somebody edits', () => {
    expect(unexplained(adopted(FF_FOLDER), CALM)).toBeNull();
    expect(String(unexplained(adopted(ADMIN_FOLDER), CALM))).toContain('edit_adopted');
  });

  it('of what nothing in a world has it do is the exception behind it', () => {
    const cause = new RangeError('too far');
    const felt = new Map([['ff-crash', 1] as const]);
    const file = 'registry.json';
    expect(unexplained({ kind: 'snapshot_failed', folder: FF_FOLDER, file, cause }, felt)).toBe(cause);
    expect(unexplained({ kind: 'journal_failed', folder: FF_FOLDER, file, cause }, felt)).toBe(cause);
    expect(unexplained({ kind: 'listener_failed', folder: FF_FOLDER, line: 1, cause }, felt)).toBe(cause);
  });
});
