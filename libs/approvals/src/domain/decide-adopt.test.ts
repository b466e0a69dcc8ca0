import { describe, expect, it } from '@jest/globals';
import { CountingTransactions } from '../testing/counting-transactions.ts';
import {
  DAY_MS,
  DUAL,
  EDITED_AND_SIGNED,
  HOUR_MS,
  ISSUED_AT,
  type Sample,
  sampleApproval,
  sampleMatrix,
} from '../testing/samples.ts';
import { saidOf } from '../testing/said-of.ts';
import type { Approval, ClosedApproval, Signature, StoredApproval } from './approval.ts';
import { approvalDocument } from './approval-document.ts';
import { decideAdopt } from './decide-adopt.ts';
import { parseStoredApproval } from './parse-approval.ts';

/** As a person adds one to the file, who can show nobody's token. */
const byHand = (sample: Sample): Approval => sampleApproval({ issued_by: 'foreign_edit', ...sample });

const NOW = ISSUED_AT + HOUR_MS;

/** A signature of its first revision and one of its second, both given at that instant. */
function signedAt(signed_at: number): Pick<Approval, 'signatures' | 'earlier_signatures'> {
  const of = (revision: number): Signature => ({
    approval_id: 'APP-100102-x',
    revision,
    signer: 'sam',
    role: 'product_owner',
    signed_at,
    content_hash: '0'.repeat(64),
    comment: null,
  });
  return { signatures: [of(2)], earlier_signatures: [of(1)] };
}

describe("somebody's edit", () => {
  const one = sampleApproval();
  const other = sampleApproval({ id: 'APP-100101-x', target_id: 'ff.other', state: 'withdrawn' });
  const adopt = (found: readonly StoredApproval[]) =>
    decideAdopt(
      new Map([one, other].map((approval) => [approval.id, approval])),
      found,
      sampleMatrix(),
      new CountingTransactions(7).at(NOW),
    );

  it('is told all that is wrong with it', () => {
    const added = byHand({ id: 'APP-100102-x' });
    expect(saidOf(() => adopt([{ ...one, justification: 'x' }, added, added]))).toEqual([
      'Approvals can be added to the file, never changed or removed.',
      '/approvals/0 APP-100100-sample differs: an approval is changed by its commands only',
      '/approvals/1 is a second open approval for its target and row',
      '/approvals/2/id APP-100102-x is there twice',
      '/approvals/2 is a second open approval for its target and row',
      '/approvals APP-100101-x is gone: an approval is never deleted',
    ]);
  });

  it('adds approvals, each by a change of its own', () => {
    const open = byHand({ id: 'APP-100102-x', target_id: 'ff.third' });
    const closed = sampleApproval({ id: 'APP-100103-x', state: 'rejected' });
    const { changes, records, messages, answer } = adopt([other, one, open, closed]);
    expect(answer).toBeNull();
    expect(changes.map(({ key, version, row }) => [key, version, row?.version])).toEqual([
      ['APP-100102-x', 8, 8],
      ['APP-100103-x', 9, 9],
    ]);
    expect(records.map(({ action, target }) => [action, target.id])).toEqual([
      ['approval.issued', 'APP-100102-x'],
      ['approval.issued', 'APP-100103-x'],
    ]);
    expect(messages.map(({ payload }) => [payload['cause'], payload['state']])).toEqual([
      ['foreign_edit', 'pending'],
      ['foreign_edit', 'rejected'],
    ]);
  });

  it('may add an open approval where there are only closed ones', () => {
    const { changes } = adopt([one, other, byHand({ id: 'APP-100102-x', target_id: 'ff.other' })]);
    expect(changes.map(({ key }) => key)).toEqual(['APP-100102-x']);
  });

  it('is told by which rules an added approval could not have been issued', () => {
    const added = (id: number, sample: Sample) => byHand({ id: `APP-${id}-x`, target_id: `ff.added.${id}`, ...sample });
    const open = [
      added(100_201, { matrix_row: 'row-unheard-of' }),
      added(100_202, { matrix_row: 'row-nobody' }),
      added(100_203, { matrix_row: DUAL.matrix_row }),
      added(100_204, { sla_deadline: ISSUED_AT + 8 * DAY_MS }),
      added(100_205, { sla_deadline: null }),
      added(100_206, { sla_deadline: ISSUED_AT }),
      added(100_207, { state: 'signed_full', signed: [['sam', 'product_owner']] }),
      added(100_208, { revision: 2, edited_by: 'edo', earlier: EDITED_AND_SIGNED.earlier_signatures }),
      added(100_209, { issued_by: 'ida' }),
    ];
    expect(saidOf(() => adopt([one, other, ...open])).slice(1)).toEqual([
      '/approvals/2/matrix_row The approval matrix has no row row-unheard-of that names a role; GET /api/policy/matrix lists the rows.',
      '/approvals/3/matrix_row The approval matrix has no row row-nobody that names a role; GET /api/policy/matrix lists the rows.',
      '/approvals/4/required_roles must be those of row-dual-finance-legal: finance_gate, legal_gate',
      '/approvals/5/sla_deadline The deadline must be later than 2026-03-01T00:00:00.000Z and no later than 2026-03-08T00:00:00.000Z (row-sensitive-override: P7D from issue).',
      '/approvals/6/sla_deadline is required: an approval is never issued without one',
      '/approvals/7/sla_deadline The deadline must be later than 2026-03-01T00:00:00.000Z and no later than 2026-03-08T00:00:00.000Z (row-sensitive-override: P7D from issue).',
      '/approvals/8/signatures must be empty: an open approval is signed by its signers, never by the file',
      '/approvals/9/edited_by must be absent in an open approval: a file cannot show who wrote it',
      '/approvals/9/signatures must be empty: an open approval is signed by its signers, never by the file',
      '/approvals/10/issued_by must be "foreign_edit" in an open approval: a file cannot show who wrote it',
    ]);
  });

  it('may add a closed approval with its signatures, which allow nothing any more', () => {
    const closed = sampleApproval({ id: 'APP-100102-x', state: 'withdrawn', signed: [['sam', 'product_owner']] });
    expect(adopt([one, other, closed]).changes.map(({ key }) => key)).toEqual(['APP-100102-x']);
  });

  it('is told of instants out of their order', () => {
    const edited = sampleApproval({ id: 'APP-100102-x', state: 'withdrawn', edited_by: 'edo' });
    const late = { ...edited, edited_at: ISSUED_AT - 1 };
    const closed = { ...sampleApproval({ id: 'APP-100103-x', state: 'rejected' }), closed_at: ISSUED_AT + DAY_MS };
    expect(saidOf(() => adopt([one, other, late, closed])).slice(1)).toEqual([
      '/approvals/2/edited_at must lie between issued_at and now',
      '/approvals/3/closed_at must lie between issued_at and now',
    ]);
  });

  it('is told of an approval that is yet to be issued', () => {
    const at = (issued_at: number) => byHand({ id: 'APP-100102-x', target_id: 'ff.third', issued_at });
    expect(saidOf(() => adopt([one, other, at(NOW)]))).toEqual([]);
    expect(saidOf(() => adopt([one, other, at(NOW + 1)])).slice(1)).toEqual(['/approvals/2/issued_at is yet to come']);
  });

  const closedWith = (times: Partial<Pick<ClosedApproval, 'edited_at' | 'closed_at' | 'sla_deadline'>>): Approval => ({
    ...sampleApproval({ id: 'APP-100102-x', revision: 2, edited_by: 'edo' }),
    state: 'withdrawn',
    closed_at: NOW,
    ...times,
  });

  it.each([ISSUED_AT, NOW])('may say of an end or an edit that it was at issue, or now: %d', (instant) => {
    const edited = closedWith({ edited_at: instant, closed_at: instant });
    expect(saidOf(() => adopt([one, other, edited]))).toEqual([]);
  });

  it.each([
    ['before its issue', ISSUED_AT - 1, ISSUED_AT + DAY_MS, [0, 1]],
    ['at its issue', ISSUED_AT, ISSUED_AT + DAY_MS, []],
    ['now', NOW, ISSUED_AT + DAY_MS, []],
    ['later than now', NOW + 1, ISSUED_AT + DAY_MS, [0, 1]],
    // An edit may have moved the deadline before a signature of an earlier revision.
    ['at its deadline', ISSUED_AT + 5, ISSUED_AT + 5, [1]],
    ['just before its deadline', ISSUED_AT + 4, ISSUED_AT + 5, []],
  ])('may not have signatures that were given %s', (_when, signed_at, sla_deadline, faulty) => {
    const signed = { ...closedWith({ sla_deadline }), ...signedAt(signed_at) };
    expect(saidOf(() => adopt([one, other, signed])).slice(1)).toEqual(
      faulty.map(
        (index) =>
          `/approvals/2/signatures/${index}/signed_at must lie between issued_at and now, and before sla_deadline`,
      ),
    );
  });

  it('is told of a deadline that is not there, and of no signature for that', () => {
    const signed = { ...closedWith({ sla_deadline: null }), ...signedAt(ISSUED_AT + 5) };
    expect(saidOf(() => adopt([one, other, signed])).slice(1)).toEqual([
      '/approvals/2/sla_deadline is required: an approval is never issued without one',
    ]);
  });

  it('is told what is wrong with an approval that cannot be read', () => {
    const row = parseStoredApproval(
      { ...approvalDocument(byHand({ id: 'APP-100102-x' })), state: 'odd' },
      '/approvals/2',
    );
    expect(saidOf(() => adopt([one, other, row])).slice(1)).toEqual([
      '/approvals/2/state must be one of pending, signed_partial, signed_full, withdrawn, rejected',
    ]);
    expect(() => adopt([one, other, row])).toThrow(expect.objectContaining({ code: 'invalid_field' }));
  });

  it('writes nothing when it only moved versions about', () => {
    expect(
      adopt([
        { ...other, version: 0 },
        { ...one, version: 77 },
      ]),
    ).toEqual({ answer: null, changes: [], records: [], messages: [] });
  });
});
