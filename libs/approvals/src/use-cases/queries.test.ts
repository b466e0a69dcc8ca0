import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Envelope, LIMITS } from '#libs/kernel';
import { ManualClock } from '#libs/platform/testing';
import type { Approval } from '../domain/index.ts';
import { type AuditFilter, type AuditPage, AuditTrail } from '../ports/audit-trail.ts';
import { PlainRecorder } from '../testing/approval-machine.ts';
import { FixedMatrix } from '../testing/fixed-matrix.ts';
import { MemoryApprovalStore } from '../testing/memory-approval-store.ts';
import { actorOf, originOf } from '../testing/origins.ts';
import { DAY_MS, DUAL, HOUR_MS, SINGLE, type Sample, sampleApproval } from '../testing/samples.ts';
import { ApprovalCheck } from './approval-check.ts';
import { GetApproval, GetApprovalHandler } from './get-approval.ts';
import { GetMatrix, GetMatrixHandler } from './get-matrix.ts';
import { ListApprovals, ListApprovalsHandler } from './list-approvals.ts';
import { Preview, PreviewHandler } from './preview.ts';
import { SearchAudit, SearchAuditHandler } from './search-audit.ts';
import { SensitiveCheck, SensitiveCheckHandler } from './sensitive-check.ts';

const NOBODY = { approvalRef: null, isVerified: true };

describe('queries', () => {
  let clock: ManualClock;
  let store: MemoryApprovalStore;
  let check: ApprovalCheck;

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryApprovalStore(clock);
    check = new ApprovalCheck(store, new FixedMatrix());
  });

  const put = (sample: Sample = {}): Approval => {
    const approval = sampleApproval({ issued_at: clock.now(), ...sample });
    store.put(approval);
    return approval;
  };
  const putSigned = (within: number, id = 'APP-100001-abcd'): Approval =>
    put({ id, state: 'signed_full', signed: [['sam', 'product_owner']], sla_deadline: clock.now() + within });

  describe('sensitive.check.2b', () => {
    it('answers with the fields of the contract when it allows', async () => {
      putSigned(3 * DAY_MS);
      expect(await new SensitiveCheckHandler(check).execute(new SensitiveCheck([SINGLE], NOBODY))).toEqual([
        {
          decision: 'allow',
          ttl_state: 'valid',
          approval_ref: 'APP-100001-abcd',
          valid_for_ms: 2 * DAY_MS,
          meta: { operator_alert: false, warnings: [], backing_state: 'file_backed' },
        },
      ]);
    });

    it('warns where the deadline is near', async () => {
      putSigned(HOUR_MS);
      expect(await check.check([SINGLE], NOBODY)).toEqual([
        {
          decision: 'allow-with-warning',
          ttl_state: 'valid',
          approval_ref: 'APP-100001-abcd',
          valid_for_ms: HOUR_MS,
          meta: { operator_alert: false, warnings: ['approval_expiring'], backing_state: 'file_backed' },
        },
      ]);
    });

    it('answers with the fields of the contract when it denies', async () => {
      expect(await check.check([SINGLE], NOBODY)).toEqual([
        {
          decision: 'deny',
          ttl_state: 'not-applicable',
          reason: 'approval_missing',
          meta: { operator_alert: false, warnings: [], backing_state: 'file_backed' },
        },
      ]);
    });

    it('alerts the operator of what is stale', async () => {
      putSigned(-2 * DAY_MS);
      expect(await check.check([SINGLE], NOBODY)).toMatchObject([
        { decision: 'deny', reason: 'approval_stale', ttl_state: 'stale', meta: { operator_alert: true } },
      ]);
    });

    it('says of whoever has no verified token that nobody checked them', async () => {
      putSigned(HOUR_MS);
      const asking = { approvalRef: null, isVerified: false };
      const [expiring, missing] = await check.check([SINGLE, DUAL], asking);
      expect(expiring?.meta.warnings).toEqual(['approval_expiring', 'auth_not_verified']);
      expect(missing?.meta.warnings).toEqual(['auth_not_verified']);
    });

    it('answers many in their order, each for itself', async () => {
      putSigned(3 * DAY_MS);
      const other = { ...SINGLE, matrix_row: 'row-unknown' };
      const answers = await check.check([DUAL, SINGLE, other, SINGLE], NOBODY);
      expect(answers.map(({ decision, reason }) => reason ?? decision)).toEqual([
        'approval_missing',
        'allow',
        'matrix_row_unknown',
        'allow',
      ]);
    });

    it('uses the approval that the subject means, for all of them', async () => {
      putSigned(3 * DAY_MS);
      put({ id: 'APP-100002-gone', state: 'withdrawn' });
      const reasons = async (approvalRef: string): Promise<unknown> =>
        (await check.check([SINGLE, DUAL], { approvalRef, isVerified: true })).map(
          ({ decision, reason, approval_ref }) => [reason ?? decision, approval_ref],
        );
      expect(await reasons('APP-100002-gone')).toEqual([
        ['approval_withdrawn', 'APP-100002-gone'],
        ['approval_mismatch', 'APP-100002-gone'],
      ]);
      expect(await reasons('APP-999999-x')).toEqual([
        ['approval_mismatch', 'APP-999999-x'],
        ['approval_mismatch', 'APP-999999-x'],
      ]);
      expect(await reasons('../etc')).toEqual([
        ['approval_mismatch', undefined],
        ['approval_mismatch', undefined],
      ]);
    });

    it('answers at most 100 at once', async () => {
      const places = (count: number) => Array.from({ length: count }, () => SINGLE);
      expect(await check.check(places(LIMITS.checksPerCall), NOBODY)).toHaveLength(100);
      await expect(check.check(places(101), NOBODY)).rejects.toMatchObject({
        code: 'invalid_field',
        pointer: '/checks',
      });
    });
  });

  describe('a preview', () => {
    const preview = () =>
      new PreviewHandler(check, new PlainRecorder(), clock).execute(
        new Preview(SINGLE, NOBODY, originOf(actorOf('una'))),
      );

    it('shows the check and its envelope, which is in no chain, and records nothing', async () => {
      const { id } = putSigned(3 * DAY_MS);
      expect(await preview()).toEqual({
        check: (await check.check([SINGLE], NOBODY))[0],
        envelope: {
          event: {
            id: 'event-1',
            source: '/ptt/admin',
            actor: 'una',
            time: '2026-01-01T00:00:00.000Z',
            data: {
              action: 'sensitive.checked',
              target: { type: 'feature_flag', id: 'ff.cm.advanced_policy' },
              after: { matrix_row: 'row-sensitive-override', decision: 'allow', ttl_state: 'valid' },
              outcome: 'accepted',
              approvalRef: id,
            },
          },
          sequence: null,
          prev_hash: null,
          hash: null,
          sink_status: 'deferred',
        },
      });
      expect(store.records).toEqual([]);
    });

    it('shows a denial with its reason', async () => {
      const { envelope } = await preview();
      expect(envelope.event['data']).toEqual({
        action: 'sensitive.checked',
        target: { type: 'feature_flag', id: 'ff.cm.advanced_policy' },
        after: { matrix_row: 'row-sensitive-override', decision: 'deny', ttl_state: 'not-applicable' },
        outcome: 'refused',
        reason: 'approval_missing',
      });
    });
  });

  describe('approvals', () => {
    const list = (...given: ConstructorParameters<typeof ListApprovals>) =>
      new ListApprovalsHandler(store).execute(new ListApprovals(...given));

    it('are listed page by page, to the end', async () => {
      const all = [1, 2, 3, 4, 5].map((n) => put({ id: `APP-10000${n}-x`, state: 'withdrawn' }));
      const seen: unknown[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list({}, cursor, 2);
        seen.push(...page.approvals);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(all);
      expect((await list({})).nextCursor).toBeNull();
      expect((await list({ state: 'pending' }, null, 2)).approvals).toEqual([]);
    });

    it('are listed at most 500 at once, 100 when not said', async () => {
      for (let n = 0; n < 501; n += 1) put({ id: `APP-${100_000 + n}-x` });
      expect((await list({})).approvals).toHaveLength(100);
      expect((await list({}, null, 9_999)).approvals).toHaveLength(500);
    });

    it.each(['', 'x', 'QVBQLTEwMDAwMS14!', Buffer.from('APP-1-x').toString('base64url'), 'QVBQLTEwMDAwMS14=='])(
      'are not listed from the cursor %j, which nobody gave',
      async (cursor) => {
        await expect(list({}, cursor)).rejects.toMatchObject({ code: 'invalid_cursor', pointer: '#/query/cursor' });
      },
    );

    it('are found by id', async () => {
      const approval = put();
      const handler = new GetApprovalHandler(store);
      expect(await handler.execute(new GetApproval(approval.id))).toEqual(approval);
      await expect(handler.execute(new GetApproval('../x'))).rejects.toMatchObject({ code: 'approval_not_found' });
    });
  });

  it('show the matrix by name', async () => {
    const rows = await new GetMatrixHandler(new FixedMatrix()).execute();
    expect(new GetMatrix()).toBeInstanceOf(GetMatrix);
    expect(rows.map(({ row }) => row)).toEqual(['row-dual-finance-legal', 'row-nobody', 'row-sensitive-override']);
  });

  it('search the trail, at most 500 at once', async () => {
    const asked: unknown[] = [];
    class AskedTrail extends AuditTrail {
      search(...given: [AuditFilter, string | null, number]): Promise<AuditPage> {
        asked.push(given);
        return Promise.resolve({ records: [], nextCursor: null });
      }
      all(): AsyncIterable<Envelope> {
        throw new Error('a page is asked for, not all');
      }
    }
    const handler = new SearchAuditHandler(new AskedTrail());
    await handler.execute(new SearchAudit({ action: 'approval.signed' }));
    await handler.execute(new SearchAudit({}, 'c', 9_999));
    expect(asked).toEqual([
      [{ action: 'approval.signed' }, null, 100],
      [{}, 'c', 500],
    ]);
  });
});
