import { describe, expect, it } from '@jest/globals';
import { WithdrawApproval } from '#libs/approvals';
import { ImportRegistry, RemoveOverride, SetOverride } from '#libs/flags';
import type { JournalLine } from '#libs/platform';
import { Ledger } from '../watch/ledger.ts';
import type { Acknowledged } from '../watch/seen.ts';
import { faultOf } from './acknowledged.ts';

const KEY = { scope: 'tenant', subject_id: 'T-1', flag_key: 'ff.a' } as const;
const ROW = { variant: 'on', set_by: 'ida', reason: 'why', expires_at: null };
const SET = new SetOverride(KEY, { variant: 'on' }, 'why', null, null);

const line = (table: string, key: string, version: number, row: unknown): JournalLine => ({
  line: version,
  table,
  at: 0,
  version,
  changes: [{ key, version, row }],
  records: [],
  messages: [],
});
const override = (version: number, row: unknown): JournalLine => line('override', 'tenant:T-1:ff.a', version, row);

/** What is wrong with an answer of a call from 10 to 20, of what was committed at those instants. */
function fault(
  what: string,
  command: Acknowledged['command'],
  answer: unknown,
  commits: readonly (readonly [at: number, line: JournalLine])[],
  made?: JournalLine,
): string | null {
  const ledger = new Ledger();
  for (const [at, one] of commits) ledger.committed({ store: 'ff', line: one, at, isFound: false });
  const store = command instanceof WithdrawApproval ? 'admin' : 'ff';
  return faultOf({ store, correlationId: 'c', beganAt: 10, at: 20, what, command, answer }, made, ledger);
}

describe('an override that was set', () => {
  const answer = { override: { ...ROW, version: 2 } };
  const own = override(2, ROW);

  it('is there under the version that was answered', () => {
    expect(fault('set', SET, answer, [[15, own]], own)).toBeNull();
    expect(fault('set', SET, answer, [])).toContain('was never so');
    expect(fault('set', SET, answer, [[21, own]])).toContain('was never so');
    expect(fault('set', SET, answer, [[15, override(2, { ...ROW, variant: 'off' })]], own)).toContain('was never so');
    expect(fault('set', SET, { override: { ...ROW, version: 1 } }, [[5, override(1, ROW)]], own)).toContain(
      'version 1',
    );
  });

  it('is what was asked, whatever the answer says', () => {
    const other = { override: { ...ROW, variant: 'off', version: 2 } };
    expect(fault('set', SET, other, [[15, override(2, { ...ROW, variant: 'off' })]])).toContain('was never so');
    expect(fault('set', SET, other, [[15, own]])).toContain('was never so');
  });

  it('was so at some instant between call and answer, where nothing was made', () => {
    const next = override(3, null);
    expect(fault('set', SET, answer, [[5, own]])).toBeNull();
    expect(
      fault('set', SET, answer, [
        [5, own],
        [10, next],
      ]),
    ).toBeNull();
    expect(
      fault('set', SET, answer, [
        [5, own],
        [9, next],
      ]),
    ).toContain('was never so');
  });
});

describe('an override that was removed', () => {
  const remove = new RemoveOverride(KEY, null);
  const answer = { override: null };

  it('is gone, or was never there', () => {
    expect(fault('remove', remove, answer, [])).toBeNull();
    expect(fault('remove', remove, answer, [[12, override(1, ROW)]])).toBeNull();
    expect(fault('remove', remove, answer, [[5, override(1, ROW)]])).toContain('was never so');
    expect(
      fault('remove', remove, answer, [
        [5, override(1, ROW)],
        [15, override(2, null)],
      ]),
    ).toBeNull();
  });
});

describe('other changes', () => {
  it('of the registry are those that the answer names', () => {
    const command = new ImportRegistry({ flags: { 'ff.a': { defaultVariant: 'on' } } }, false, false);
    const own = line('flag', 'ff.a', 1, { defaultVariant: 'on' });
    const answer = { added: ['ff.a'], changed: [], removed: [] };
    expect(fault('import', command, answer, [[15, own]], own)).toBeNull();
    expect(fault('import', command, { ...answer, added: [] }, [[15, own]], own)).toContain('committed ff.a');
    expect(fault('import', command, answer, [[15, own]])).toContain('answered were ff.a');
    expect(fault('import', command, { added: [] }, [[5, line('flag', 'ff.a', 1, {})]])).toContain('was never so');
  });

  it('of an approval have its state and revision', () => {
    const command = new WithdrawApproval('APP-1', { revision: 1, reason: 'why' });
    const row = { id: 'APP-1', state: 'withdrawn', revision: 1, content_hash: 'h' };
    const own = line('approval', 'APP-1', 4, row);
    const answer = { ...row, version: 4, required_roles: [] };
    expect(fault('withdraw', command, answer, [[15, own]], own)).toBeNull();
    expect(fault('withdraw', command, { ...answer, state: 'pending' }, [[15, own]], own)).toContain('was never so');
    expect(fault('withdraw', command, answer, [[15, own]])).toBe('nothing was committed');
  });
});
