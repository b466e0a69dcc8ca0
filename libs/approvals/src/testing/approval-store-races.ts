import { beforeEach, describe, expect, it } from '@jest/globals';
import { decideReject } from '../domain/decide-close.ts';
import { DAY_MS, DUAL, SINGLE } from './samples.ts';
import { FINANCE, LEGAL, ORIGIN, OTHER_LEGAL, StoreActs, codeOf } from './store-acts.ts';
import type { ApprovalStoreUnderTest } from './store-under-test.ts';

/** The part of the suite where several act at once, or at the last moment. */
export function approvalStoreRaces(opened: () => ApprovalStoreUnderTest): void {
  let under: ApprovalStoreUnderTest;
  let acts: StoreActs;

  beforeEach(() => {
    under = opened();
    acts = new StoreActs(under.store);
  });

  describe('with several at once', () => {
    it('takes two signatures in two roles, whichever comes first', async () => {
      const { id } = await acts.issued();
      const outcomes = await Promise.all([acts.sign(id, LEGAL, 'legal_gate'), acts.sign(id, FINANCE, 'finance_gate')]);
      expect(outcomes.map(codeOf)).toEqual(['accepted', 'accepted']);
      const states = outcomes.map((outcome) => ('accepted' in outcome ? outcome.accepted.state : ''));
      expect(states.toSorted()).toEqual(['signed_full', 'signed_partial']);
      const approval = await under.store.get(id);
      expect(approval).toMatchObject({ state: 'signed_full' });
      expect((await under.committed()).causes).toEqual(['issued', 'signed', 'signed']);
    });

    it('takes one of two signatures in one role', async () => {
      const { id } = await acts.issued();
      const outcomes = await Promise.all([
        acts.sign(id, LEGAL, 'legal_gate'),
        acts.sign(id, OTHER_LEGAL, 'legal_gate'),
      ]);
      expect(outcomes.map(codeOf).toSorted()).toEqual(['accepted', 'role_already_signed']);
      expect(await under.store.get(id)).toMatchObject({
        state: 'signed_partial',
        signatures: [{ role: 'legal_gate' }],
      });
    });

    it('takes one signature once, however often it is given', async () => {
      const { id } = await acts.issued();
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => acts.sign(id, LEGAL, 'legal_gate')));
      expect(new Set(outcomes.map(codeOf))).toEqual(new Set(['accepted']));
      expect((await under.committed()).actions).toEqual(['approval.issued', 'approval.signed']);
    });

    it('takes one of several approvals of one place', async () => {
      const outcomes = await Promise.all([acts.issue(), acts.issue(), acts.issue(SINGLE), acts.issue()]);
      expect(outcomes.map(codeOf).toSorted()).toEqual([
        'accepted',
        'accepted',
        'approval_already_open',
        'approval_already_open',
      ]);
      expect((await under.store.page({ matrix_row: DUAL.matrix_row }, null, 10)).approvals).toHaveLength(1);
    });

    it('supersedes what is past its deadline once', async () => {
      const old = await acts.issued();
      await under.pass(2 * DAY_MS);
      const outcomes = await Promise.all([acts.issue(), acts.issue(), acts.issue()]);
      expect(outcomes.map(codeOf).toSorted()).toEqual(['accepted', 'approval_already_open', 'approval_already_open']);
      expect(await under.store.get(old.id)).toMatchObject({ state: 'withdrawn', closed_at: under.now() });
      expect(await under.committed()).toEqual({
        actions: ['approval.issued', 'approval.withdrawn', 'approval.issued'],
        causes: ['issued', 'superseded', 'issued'],
      });
    });

    it('supersedes or withdraws what is past its deadline, never both', async () => {
      const old = await acts.issued();
      await under.pass(2 * DAY_MS);
      const [byHand, anew] = await Promise.all([acts.withdraw(old.id), acts.issue()]);
      expect(codeOf(anew)).toBe('accepted');
      expect(['accepted', 'approval_closed']).toContain(codeOf(byHand));
      const { causes } = await under.committed();
      const ends = causes.filter((cause) => cause === 'withdrawn' || cause === 'superseded');
      expect(ends).toHaveLength(1);
    });

    it('lets a signature or a withdrawal win, never both in the wrong order', async () => {
      const { id } = await acts.issued();
      const [signed, gone] = await Promise.all([acts.sign(id, LEGAL, 'legal_gate'), acts.withdraw(id)]);
      expect(codeOf(gone)).toBe('accepted');
      expect(['accepted', 'approval_closed']).toContain(codeOf(signed));
      const count = codeOf(signed) === 'accepted' ? 1 : 0;
      const approval = await under.store.get(id);
      expect(approval?.state).toBe('withdrawn');
      expect(approval).toMatchObject({ signatures: { length: count } });
    });

    it('never lets a signature pass from one revision to the next', async () => {
      const { id } = await acts.issued();
      const [edited, signed] = await Promise.all([acts.edit(id, 1, 'better'), acts.sign(id, LEGAL, 'legal_gate')]);
      expect(codeOf(edited)).toBe('accepted');
      expect(['accepted', 'revision_conflict']).toContain(codeOf(signed));
      expect(await under.store.get(id)).toMatchObject({ state: 'pending', revision: 2, signatures: [] });
    });

    it('lets one of two edits of a revision win', async () => {
      const { id } = await acts.issued();
      const outcomes = await Promise.all([acts.edit(id, 1, 'better'), acts.edit(id, 1, 'best')]);
      expect(outcomes.map(codeOf).toSorted()).toEqual(['accepted', 'revision_conflict']);
    });
  });

  describe('at the deadline', () => {
    it('takes a signature in the last millisecond', async () => {
      const { id } = await acts.issued(SINGLE, under.now() + 1_000);
      await under.pass(999);
      expect(codeOf(await acts.sign(id, { id: 'pat', roles: ['product_owner'] }, 'product_owner'))).toBe('accepted');
    });

    it('refuses one at the very deadline', async () => {
      const { id } = await acts.issued(SINGLE, under.now() + 1_000);
      await under.pass(1_000);
      const outcome = await acts.sign(id, { id: 'pat', roles: ['product_owner'] }, 'product_owner');
      expect(codeOf(outcome)).toBe('approval_past_deadline');
      expect(await under.store.get(id)).toMatchObject({ state: 'pending', signatures: [] });
    });

    it('refuses a rejection and takes a withdrawal', async () => {
      const { id } = await acts.issued(SINGLE, under.now() + 1_000);
      await under.pass(1_000);
      const by = { id: 'pat', roles: ['product_owner'] };
      const rejected = await under.store.change(id, ORIGIN, (approval, tx) =>
        decideReject(approval, { revision: 1, reason: 'no' }, by, tx),
      );
      expect([codeOf(rejected), codeOf(await acts.withdraw(id))]).toEqual(['approval_past_deadline', 'accepted']);
    });
  });
}
