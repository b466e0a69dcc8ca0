import { describe, expect, it } from '@jest/globals';
import { afterwards, always, expectThat } from '../testing/following.ts';
import { PLACES } from '../testing/histories.ts';
import { resultOf } from '../testing/ledger.ts';
import { approvalDocument } from './approval-document.ts';
import { parseApproval } from '../testing/parse-approval.ts';

describe('the histories', () => {
  it('reach every state, every refusal and every verdict', () => {
    const met = new Set<string>();
    afterwards((world) => {
      for (const happening of world.past) met.add(resultOf(happening));
      for (const place of PLACES) {
        const verdict = world.check(place);
        met.add(verdict.decision === 'deny' ? verdict.reason : verdict.decision);
      }
    }, 1_000);
    expect([...met].toSorted()).toEqual([
      'allow',
      'allow-with-warning',
      'already_signed',
      'approval_already_open',
      'approval_closed',
      'approval_expired',
      'approval_fully_signed',
      'approval_missing',
      'approval_past_deadline',
      'approval_pending',
      'approval_rejected',
      'approval_stale',
      'approval_withdrawn',
      'deadline_invalid',
      'dual_signers_required',
      'pending',
      'rejected',
      'revision_conflict',
      'role_already_signed',
      'role_missing',
      'role_not_required',
      'self_sign_forbidden',
      'signed_full',
      'signed_partial',
      'withdrawn',
    ]);
  });
});

describe('every command', () => {
  it('comes to what the ledger says, and is recorded and published exactly as it changed something', () => {
    always((world) => {
      const last = world.past.at(-1);
      if (last === undefined) return;
      const { command, refused, changes, records, messages } = last;
      const isRefusedSignature = command.do === 'sign' && refused !== null && refused !== 'approval_not_found';
      expectThat(records.length === (isRefusedSignature ? 1 : changes.length), last);
      const told = messages.map(({ payload }) =>
        JSON.stringify([payload['approval_id'], payload['version'], payload['state']]),
      );
      expectThat(
        told.join() === changes.map(({ id, version, state }) => JSON.stringify([id, version, state])).join(),
        last,
      );
    });
  });

  it('leaves approvals that read back as they were written', () => {
    afterwards((world) => {
      for (const approval of world.approvals.values())
        expect(parseApproval(approvalDocument(approval))).toEqual(approval);
    });
  });

  it('gives versions that rise', () => {
    afterwards((world) => {
      const versions = world.past.flatMap(({ changes }) => changes.map(({ version }) => version));
      expect(versions).toEqual(versions.map((_version, index) => index + 1));
    });
  });
});
