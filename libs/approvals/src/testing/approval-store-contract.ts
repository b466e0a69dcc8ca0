import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Decision, type Instant, PttError, type Transaction, unchanged } from '#libs/kernel';
import { type Approval, type Outcome, type Person, type Place, parseSeeds } from '../domain/index.ts';
import { decideReject, decideWithdraw } from '../domain/decide-close.ts';
import { decideEdit } from '../domain/decide-edit.ts';
import { decideIssue } from '../domain/decide-issue.ts';
import { decideSeed } from '../domain/decide-seed.ts';
import { decideSign } from '../domain/decide-sign.ts';
import type { ApprovalStore } from '../ports/approval-store.ts';
import { originOf } from './origins.ts';
import { DAY_MS, DUAL, SINGLE, sampleApproval, sampleMatrix, sampleRow } from './samples.ts';
import { approvalDocument } from '../domain/approval-document.ts';

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

const ORIGIN = originOf();
const ISSUER: Person = { id: 'ida', roles: [] };
const FINANCE: Person = { id: 'fin', roles: ['finance_gate'] };
const LEGAL: Person = { id: 'lea', roles: ['legal_gate'] };
const OTHER_LEGAL: Person = { id: 'leo', roles: ['legal_gate'] };

const codeOf = (outcome: Outcome<unknown>): string => ('refused' in outcome ? outcome.refused.code : 'accepted');

/** What every adapter of `ApprovalStore` must do alike. */
export function approvalStoreContract(name: string, make: () => Promise<ApprovalStoreUnderTest>): void {
  describe(`a store of approvals: ${name}`, () => {
    let under: ApprovalStoreUnderTest;

    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    const issue = (place: Place = DUAL, sla_deadline: Instant | null = null): Promise<Outcome<Approval>> =>
      under.store.issue(place, ORIGIN, (view, tx) =>
        decideIssue(
          view,
          { ...place, justification: 'because', sla_deadline },
          { by: ISSUER, row: sampleRow(place.matrix_row) },
          tx,
        ),
      );
    const issued = async (place: Place = DUAL, sla_deadline: Instant | null = null): Promise<Approval> => {
      const outcome = await issue(place, sla_deadline);
      if ('refused' in outcome) throw new Error(outcome.refused.detail);
      return outcome.accepted;
    };
    const sign = (id: string, by: Person, role: string, revision = 1): Promise<Outcome<Approval>> =>
      under.store.change(id, ORIGIN, (approval, tx) => decideSign(approval, { revision, role, comment: null }, by, tx));
    const withdraw = (id: string): Promise<Outcome<Approval>> =>
      under.store.change(id, ORIGIN, (approval, tx) => decideWithdraw(approval, { revision: 1, reason: 'over' }, tx));
    const edit = (id: string, revision: number, justification: string): Promise<Outcome<Approval>> =>
      under.store.change(id, ORIGIN, (approval, tx) => {
        const rowOf = (row: string) => sampleMatrix().get(row) ?? null;
        return decideEdit(approval, { revision, justification, sla_deadline: null }, { by: ISSUER, rowOf }, tx);
      });

    it('has nothing at first', async () => {
      expect(await under.store.get('APP-100001-x')).toBeNull();
      expect(await under.store.page({}, null, 10)).toEqual({ approvals: [], hasMore: false });
      const at = under.now();
      expect(await under.store.view([SINGLE], 'APP-100001-x')).toEqual({ at, candidates: [[]], named: null });
    });

    it('gives back what was issued, wherever it is looked for', async () => {
      const approval = await issued();
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
      const all = [await issued(SINGLE), await issued(DUAL), await issued({ ...DUAL, target_id: 'ff.z' })];
      await withdraw(all[1]?.id ?? '');
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
      expect(codeOf(await sign('APP-100001-x', LEGAL, 'legal_gate'))).toBe('approval_not_found');
      expect(await under.committed()).toEqual({ actions: [], causes: [] });
    });

    it('writes rows, records and events of a decision together', async () => {
      const { id } = await issued();
      await sign(id, LEGAL, 'legal_gate');
      await sign(id, FINANCE, 'finance_gate');
      expect(await under.committed()).toEqual({
        actions: ['approval.issued', 'approval.signed', 'approval.signed'],
        causes: ['issued', 'signed', 'signed'],
      });
      expect((await under.store.get(id))?.state).toBe('signed_full');
    });

    it('writes the record of a refused signature, and nothing else', async () => {
      const approval = await issued();
      expect(codeOf(await sign(approval.id, LEGAL, 'finance_gate'))).toBe('role_missing');
      expect(await under.store.get(approval.id)).toEqual(approval);
      expect(await under.committed()).toEqual({
        actions: ['approval.issued', 'approval.sign_refused'],
        causes: ['issued'],
      });
    });

    it('writes nothing of a decision that throws', async () => {
      const approval = await issued();
      const refusal = new PttError('bad_request', { detail: 'no' });
      const decide = (): Decision<Approval, null> => {
        throw refusal;
      };
      await expect(under.store.change(approval.id, ORIGIN, decide)).rejects.toBe(refusal);
      expect(await under.store.get(approval.id)).toEqual(approval);
      expect((await under.committed()).actions).toEqual(['approval.issued']);
    });

    it('gives versions that rise over all approvals', async () => {
      const one = await issued(SINGLE);
      const two = await issued(DUAL);
      const three = await sign(two.id, LEGAL, 'legal_gate');
      const versions = [one.version, two.version, 'accepted' in three ? three.accepted.version : 0];
      expect(versions.every((version, index) => version > (versions[index - 1] ?? 0))).toBe(true);
    });

    it('gives one instant to all of a decision', async () => {
      const { id } = await issued();
      const seen: Transaction[] = [];
      await under.store.change(id, ORIGIN, (approval, tx) => {
        seen.push(tx);
        return decideSign(approval, { revision: 1, role: 'legal_gate', comment: null }, LEGAL, tx);
      });
      const signed = await under.store.get(id);
      expect(signed).toMatchObject({ signatures: [{ signed_at: seen[0]?.at }] });
      expect(seen.map(({ at }) => at)).toEqual([under.now()]);
    });

    describe('with several at once', () => {
      it('takes two signatures in two roles, whichever comes first', async () => {
        const { id } = await issued();
        const outcomes = await Promise.all([sign(id, LEGAL, 'legal_gate'), sign(id, FINANCE, 'finance_gate')]);
        expect(outcomes.map(codeOf)).toEqual(['accepted', 'accepted']);
        const states = outcomes.map((outcome) => ('accepted' in outcome ? outcome.accepted.state : ''));
        expect(states.toSorted()).toEqual(['signed_full', 'signed_partial']);
        const approval = await under.store.get(id);
        expect(approval).toMatchObject({ state: 'signed_full' });
        expect((await under.committed()).causes).toEqual(['issued', 'signed', 'signed']);
      });

      it('takes one of two signatures in one role', async () => {
        const { id } = await issued();
        const outcomes = await Promise.all([sign(id, LEGAL, 'legal_gate'), sign(id, OTHER_LEGAL, 'legal_gate')]);
        expect(outcomes.map(codeOf).toSorted()).toEqual(['accepted', 'role_already_signed']);
        expect(await under.store.get(id)).toMatchObject({
          state: 'signed_partial',
          signatures: [{ role: 'legal_gate' }],
        });
      });

      it('takes one signature once, however often it is given', async () => {
        const { id } = await issued();
        const outcomes = await Promise.all(Array.from({ length: 5 }, () => sign(id, LEGAL, 'legal_gate')));
        expect(new Set(outcomes.map(codeOf))).toEqual(new Set(['accepted']));
        expect((await under.committed()).actions).toEqual(['approval.issued', 'approval.signed']);
      });

      it('takes one of several approvals of one place', async () => {
        const outcomes = await Promise.all([issue(), issue(), issue(SINGLE), issue()]);
        expect(outcomes.map(codeOf).toSorted()).toEqual([
          'accepted',
          'accepted',
          'approval_already_open',
          'approval_already_open',
        ]);
        expect((await under.store.page({ matrix_row: DUAL.matrix_row }, null, 10)).approvals).toHaveLength(1);
      });

      it('supersedes what is past its deadline once', async () => {
        const old = await issued();
        await under.pass(2 * DAY_MS);
        const outcomes = await Promise.all([issue(), issue(), issue()]);
        expect(outcomes.map(codeOf).toSorted()).toEqual(['accepted', 'approval_already_open', 'approval_already_open']);
        expect(await under.store.get(old.id)).toMatchObject({ state: 'withdrawn', closed_at: under.now() });
        expect(await under.committed()).toEqual({
          actions: ['approval.issued', 'approval.withdrawn', 'approval.issued'],
          causes: ['issued', 'superseded', 'issued'],
        });
      });

      it('supersedes or withdraws what is past its deadline, never both', async () => {
        const old = await issued();
        await under.pass(2 * DAY_MS);
        const [byHand, anew] = await Promise.all([withdraw(old.id), issue()]);
        expect(codeOf(anew)).toBe('accepted');
        expect(['accepted', 'approval_closed']).toContain(codeOf(byHand));
        const { causes } = await under.committed();
        const ends = causes.filter((cause) => cause === 'withdrawn' || cause === 'superseded');
        expect(ends).toHaveLength(1);
      });

      it('lets a signature or a withdrawal win, never both in the wrong order', async () => {
        const { id } = await issued();
        const [signed, gone] = await Promise.all([sign(id, LEGAL, 'legal_gate'), withdraw(id)]);
        expect(codeOf(gone)).toBe('accepted');
        expect(['accepted', 'approval_closed']).toContain(codeOf(signed));
        const count = codeOf(signed) === 'accepted' ? 1 : 0;
        const approval = await under.store.get(id);
        expect(approval?.state).toBe('withdrawn');
        expect(approval).toMatchObject({ signatures: { length: count } });
      });

      it('never lets a signature pass from one revision to the next', async () => {
        const { id } = await issued();
        const [edited, signed] = await Promise.all([edit(id, 1, 'better'), sign(id, LEGAL, 'legal_gate')]);
        expect(codeOf(edited)).toBe('accepted');
        expect(['accepted', 'revision_conflict']).toContain(codeOf(signed));
        expect(await under.store.get(id)).toMatchObject({ state: 'pending', revision: 2, signatures: [] });
      });

      it('lets one of two edits of a revision win', async () => {
        const { id } = await issued();
        const outcomes = await Promise.all([edit(id, 1, 'better'), edit(id, 1, 'best')]);
        expect(outcomes.map(codeOf).toSorted()).toEqual(['accepted', 'revision_conflict']);
      });
    });

    describe('at the deadline', () => {
      it('takes a signature in the last millisecond', async () => {
        const { id } = await issued(SINGLE, under.now() + 1_000);
        await under.pass(999);
        expect(codeOf(await sign(id, { id: 'pat', roles: ['product_owner'] }, 'product_owner'))).toBe('accepted');
      });

      it('refuses one at the very deadline', async () => {
        const { id } = await issued(SINGLE, under.now() + 1_000);
        await under.pass(1_000);
        const outcome = await sign(id, { id: 'pat', roles: ['product_owner'] }, 'product_owner');
        expect(codeOf(outcome)).toBe('approval_past_deadline');
        expect(await under.store.get(id)).toMatchObject({ state: 'pending', signatures: [] });
      });

      it('refuses a rejection and takes a withdrawal', async () => {
        const { id } = await issued(SINGLE, under.now() + 1_000);
        await under.pass(1_000);
        const by = { id: 'pat', roles: ['product_owner'] };
        const rejected = await under.store.change(id, ORIGIN, (approval, tx) =>
          decideReject(approval, { revision: 1, reason: 'no' }, by, tx),
        );
        expect([codeOf(rejected), codeOf(await withdraw(id))]).toEqual(['approval_past_deadline', 'accepted']);
      });
    });

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
        await issued();
        expect(await seed()).toEqual({ accepted: { added: 0 } });
      });

      it('never gives an id again', async () => {
        await seed();
        const ids = new Set(['APP-100001-abcd', 'APP-100005-gone']);
        for (let n = 0; n < 8; n += 1) {
          const { id } = await issued();
          expect(ids.has(id)).toBe(false);
          ids.add(id);
          await withdraw(id);
        }
      });
    });

    it('asks whether an id is taken', async () => {
      const { id } = await issued();
      const answer = await under.store.issue(DUAL, ORIGIN, (view) =>
        unchanged([view.isTaken(id), view.isTaken(`${id}x`)]),
      );
      expect(answer).toEqual([true, false]);
    });

    it('has it all again when it is opened anew', async () => {
      const { id } = await issued();
      await sign(id, LEGAL, 'legal_gate');
      await edit(id, 1, 'better');
      await sign(id, LEGAL, 'legal_gate', 2);
      const before = await under.store.get(id);
      const { version } = await issued(SINGLE);
      if (under.reopen !== null) under = await under.reopen();
      expect(await under.store.get(id)).toEqual(before);
      expect((await under.store.view([DUAL], null)).candidates).toEqual([[before]]);
      const next = await issued({ ...SINGLE, target_id: 'ff.next' });
      expect(next.version).toBeGreaterThan(version);
    });
  });
}
