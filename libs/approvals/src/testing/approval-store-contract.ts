import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Decision, PttError, type Transaction, unchanged } from '#libs/kernel';
import { type Approval, approvalDocument, parseSeeds } from '../domain/index.ts';
import { decideSeed } from '../domain/decide-seed.ts';
import { decideSign } from '../domain/decide-sign.ts';
import type { ApprovalStore } from '../ports/approval-store.ts';
import { approvalStoreRaces } from './approval-store-races.ts';
import { DAY_MS, DUAL, SINGLE, sampleApproval } from './samples.ts';
import { FINANCE, LEGAL, ORIGIN, StoreActs, codeOf } from './store-acts.ts';
import type { ApprovalStoreUnderTest } from './store-under-test.ts';

/** What every adapter of `ApprovalStore` must do alike. */
export function approvalStoreContract(name: string, make: () => Promise<ApprovalStoreUnderTest>): void {
  describe(`a store of approvals: ${name}`, () => {
    let under: ApprovalStoreUnderTest;
    let acts: StoreActs;

    beforeEach(async () => {
      under = await make();
      acts = new StoreActs(under.store);
    });
    afterEach(() => under.close());

    it('has nothing at first', async () => {
      expect(await under.store.get('APP-100001-x')).toBeNull();
      expect(await under.store.page({}, null, 10)).toEqual({ approvals: [], hasMore: false });
      const at = under.now();
      expect(await under.store.view([SINGLE], 'APP-100001-x')).toEqual({ at, candidates: [[]], named: null });
    });

    it('gives back what was issued, wherever it is looked for', async () => {
      const approval = await acts.issued();
      expect(await under.store.get(approval.id)).toEqual(approval);
      expect((await under.store.page({}, null, 10)).approvals).toEqual([approval]);
      const at = under.now();
      expect(await under.store.view([SINGLE, DUAL], approval.id)).toEqual({
        at,
        candidates: [[], [approval]],
        named: approval,
      });
      expect(approval.issued_at).toBe(at);
    });

    it('pages by id and narrows by filter', async () => {
      const all = [
        await acts.issued(SINGLE),
        await acts.issued(DUAL),
        await acts.issued({ ...DUAL, target_id: 'ff.z' }),
      ];
      await acts.withdraw(all[1]?.id ?? '');
      const ids = all.map(({ id }) => id).toSorted();
      const first = await under.store.page({}, null, 2);
      expect([first.approvals.map(({ id }) => id), first.hasMore]).toEqual([ids.slice(0, 2), true]);
      const second = await under.store.page({}, ids[1] ?? '', 2);
      expect([second.approvals.map(({ id }) => id), second.hasMore]).toEqual([ids.slice(2), false]);
      const exact = await under.store.page({}, null, 3);
      expect(exact.hasMore).toBe(false);
      const idsOf = async (filter: Parameters<ApprovalStore['page']>[0]): Promise<readonly string[]> =>
        (await under.store.page(filter, null, 10)).approvals.map(({ id }) => id);
      expect(await idsOf({ state: 'withdrawn' })).toEqual([all[1]?.id]);
      expect(await idsOf({ target_id: 'ff.z' })).toEqual([all[2]?.id]);
      expect(await idsOf({ matrix_row: SINGLE.matrix_row })).toEqual([all[0]?.id]);
      expect(await idsOf({ target_type: 'other' })).toEqual([]);
      expect(await idsOf({ target_type: 'feature_flag', matrix_row: DUAL.matrix_row, state: 'pending' })).toEqual([
        all[2]?.id,
      ]);
    });

    it('decides on nothing where there is nothing', async () => {
      expect(codeOf(await acts.sign('APP-100001-x', LEGAL, 'legal_gate'))).toBe('approval_not_found');
      expect(await under.committed()).toEqual({ actions: [], causes: [] });
    });

    it('writes rows, records and events of a decision together', async () => {
      const { id } = await acts.issued();
      await acts.sign(id, LEGAL, 'legal_gate');
      await acts.sign(id, FINANCE, 'finance_gate');
      expect(await under.committed()).toEqual({
        actions: ['approval.issued', 'approval.signed', 'approval.signed'],
        causes: ['issued', 'signed', 'signed'],
      });
      expect((await under.store.get(id))?.state).toBe('signed_full');
    });

    it('writes the record of a refused signature, and nothing else', async () => {
      const approval = await acts.issued();
      expect(codeOf(await acts.sign(approval.id, LEGAL, 'finance_gate'))).toBe('role_missing');
      expect(await under.store.get(approval.id)).toEqual(approval);
      expect(await under.committed()).toEqual({
        actions: ['approval.issued', 'approval.sign_refused'],
        causes: ['issued'],
      });
    });

    it('writes nothing of a decision that throws', async () => {
      const approval = await acts.issued();
      const refusal = new PttError('bad_request', { detail: 'no' });
      const decide = (): Decision<Approval, null> => {
        throw refusal;
      };
      await expect(under.store.change(approval.id, ORIGIN, decide)).rejects.toBe(refusal);
      expect(await under.store.get(approval.id)).toEqual(approval);
      expect((await under.committed()).actions).toEqual(['approval.issued']);
    });

    it('gives versions that rise over all approvals', async () => {
      const one = await acts.issued(SINGLE);
      const two = await acts.issued(DUAL);
      const three = await acts.sign(two.id, LEGAL, 'legal_gate');
      const versions = [one.version, two.version, 'accepted' in three ? three.accepted.version : 0];
      expect(versions.every((version, index) => version > (versions[index - 1] ?? 0))).toBe(true);
    });

    it('gives one instant to all of a decision', async () => {
      const { id } = await acts.issued();
      const seen: Transaction[] = [];
      await under.store.change(id, ORIGIN, (approval, tx) => {
        seen.push(tx);
        return decideSign(approval, { revision: 1, role: 'legal_gate', comment: null }, LEGAL, tx);
      });
      const signed = await under.store.get(id);
      expect(signed).toMatchObject({ signatures: [{ signed_at: seen[0]?.at }] });
      expect(seen.map(({ at }) => at)).toEqual([under.now()]);
    });

    approvalStoreRaces(() => under);

    describe('seeded', () => {
      const document = {
        reference_time: '2026-03-01T12:00:00.000Z',
        approvals: [
          approvalDocument(
            sampleApproval({ id: 'APP-100001-abcd', state: 'signed_full', signed: [['sam', 'product_owner']] }),
          ),
          approvalDocument(sampleApproval({ ...DUAL, id: 'APP-100005-gone', state: 'withdrawn' })),
        ],
      };
      const seed = () => under.store.seed(ORIGIN, (isEmpty, tx) => decideSeed(isEmpty, parseSeeds(document), null, tx));

      it('holds what it was seeded with, moved to now', async () => {
        expect(await seed()).toEqual({ accepted: { added: 2 } });
        expect(await under.store.get('APP-100001-abcd')).toMatchObject({ sla_deadline: under.now() + DAY_MS / 2 });
        expect((await under.committed()).actions).toEqual(['approvals.seeded']);
      });

      it('is seeded once', async () => {
        expect(await Promise.all([seed(), seed()])).toEqual([{ accepted: { added: 2 } }, { accepted: { added: 0 } }]);
        expect((await under.committed()).actions).toEqual(['approvals.seeded']);
      });

      it('is not seeded once anything was issued', async () => {
        await acts.issued();
        expect(await seed()).toEqual({ accepted: { added: 0 } });
      });

      it('never gives an id again', async () => {
        await seed();
        const ids = new Set(['APP-100001-abcd', 'APP-100005-gone']);
        for (let n = 0; n < 8; n += 1) {
          const { id } = await acts.issued();
          expect(ids.has(id)).toBe(false);
          ids.add(id);
          await acts.withdraw(id);
        }
      });
    });

    it('asks whether an id is taken', async () => {
      const { id } = await acts.issued();
      const answer = await under.store.issue(DUAL, ORIGIN, (view) =>
        unchanged([view.isTaken(id), view.isTaken(`${id}x`)]),
      );
      expect(answer).toEqual([true, false]);
    });

    it('has it all again when it is opened anew', async () => {
      const { id } = await acts.issued();
      await acts.sign(id, LEGAL, 'legal_gate');
      await acts.edit(id, 1, 'better');
      await acts.sign(id, LEGAL, 'legal_gate', 2);
      const before = await under.store.get(id);
      const { version } = await acts.issued(SINGLE);
      if (under.reopen !== null) under = await under.reopen();
      acts = new StoreActs(under.store);
      expect(await under.store.get(id)).toEqual(before);
      expect((await under.store.view([DUAL], null)).candidates).toEqual([[before]]);
      const next = await acts.issued({ ...SINGLE, target_id: 'ff.next' });
      expect(next.version).toBeGreaterThan(version);
    });
  });
}
