import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { toIso } from '#libs/kernel';
import { accepted, afterwards, always, expectThat, signatureOf } from '../testing/following.ts';
import { PLACES } from '../testing/histories.ts';
import { placeText } from '../testing/ledger.ts';
import { DAY_MS, DUAL } from '../testing/samples.ts';
import type { World } from '../testing/world.ts';
import type { Approval } from './approval.ts';
import { ttlStateOf } from './ttl-state.ts';

describe('rules that always hold', () => {
  it('1. Never allow unless the state is signed_full, ttl_state is valid, and target and row match exactly', () => {
    always((world, ledger) => {
      for (const place of PLACES) {
        const verdict = world.check(place);
        const counting = ledger.counting(placeText(place), world.at);
        expectThat((verdict.decision === 'deny') === (counting.length === 0), verdict, counting);
        if (verdict.decision !== 'deny') expectThat(counting.includes(verdict.approval_ref), verdict, counting);
        for (const id of world.approvals.keys()) {
          const named = world.check(place, id);
          expectThat((named.decision !== 'deny') === counting.includes(id), named, counting);
        }
      }
    });
  });

  it('1. Never allow a target or row that differs in one character', () => {
    afterwards((world) => {
      for (const approval of world.approvals.values()) {
        const { id, target_type, target_id, matrix_row } = approval;
        const place = { target_type, target_id, matrix_row };
        for (const other of [
          { ...place, target_type: `${target_type}s` },
          { ...place, target_id: `${target_id}.x` },
          { ...place, matrix_row: matrix_row === DUAL.matrix_row ? 'row-sensitive-override' : DUAL.matrix_row },
        ]) {
          expect(world.check(other, id)).toMatchObject({ decision: 'deny', reason: 'approval_mismatch' });
        }
      }
    });
  });

  it('2. signed_full means that every required role has signed; signed_partial never yields valid', () => {
    always((world, ledger) => {
      for (const approval of world.approvals.values()) {
        expectThat(approval.state === ledger.state(approval.id), approval);
        const signed = new Set(approval.signatures.map(({ role }) => role));
        const isFull = approval.required_roles.every((role) => signed.has(role));
        if (approval.state === 'signed_full') expectThat(isFull, approval);
        if (approval.state === 'signed_partial' || approval.state === 'pending') {
          expectThat(!isFull, approval);
          for (const at of [0, world.at, world.at + DAY_MS])
            expectThat(ttlStateOf(approval, at) !== 'valid', approval, at);
        }
      }
    });
  });

  it('3. Withdrawn and rejected never come back', () => {
    const closed = new Map<World, Map<string, Approval>>();
    always((world) => {
      const known = closed.get(world) ?? new Map<string, Approval>();
      closed.set(world, known);
      for (const approval of world.approvals.values()) {
        const before = known.get(approval.id);
        if (before !== undefined) expectThat(approval === before, approval, before);
        else if (approval.state === 'withdrawn' || approval.state === 'rejected') known.set(approval.id, approval);
      }
      const last = world.past.at(-1);
      if (last === undefined || last.command.do === 'issue' || last.before === null) return;
      const wasClosed = last.before.state === 'withdrawn' || last.before.state === 'rejected';
      if (wasClosed) expectThat(last.changes.length === 0, last);
    });
    expect(closed.size).toBeGreaterThan(0);
  });

  it('4. The issuer and the last editor cannot sign; one person signs once per revision, in one role', () => {
    afterwards((world) => {
      const given = new Set<string>();
      for (const happening of accepted(world, 'sign')) {
        const { command, before } = happening;
        expect([before?.issued_by, before?.edited_by]).not.toContain(command.by.id);
        const signature = signatureOf(happening);
        const once = `${signature?.approval_id} ${signature?.revision} ${signature?.signer}`;
        expect(given.has(once)).toBe(false);
        given.add(once);
      }
      for (const approval of world.approvals.values()) {
        const all = [...approval.earlier_signatures, ...approval.signatures];
        const roles = new Set(all.map(({ revision, role }) => `${revision} ${role}`));
        expect(roles.size).toBe(all.length);
      }
    });
  });

  it('5. A signature binds revision and content hash; sign carries the revision it saw, else 409', () => {
    afterwards((world) => {
      for (const happening of accepted(world, 'sign')) {
        const { command, before } = happening;
        const signature = signatureOf(happening);
        expect(command).toMatchObject({ seen: before?.revision });
        expect(signature).toMatchObject({
          revision: before?.revision,
          content_hash: before === null ? '' : hashByHand(before),
        });
      }
      for (const approval of world.approvals.values()) {
        expect(approval.content_hash).toBe(hashByHand(approval));
        for (const signature of approval.signatures) {
          expect([signature.revision, signature.content_hash]).toEqual([approval.revision, approval.content_hash]);
        }
        for (const signature of approval.earlier_signatures) expect(signature.revision).toBeLessThan(approval.revision);
      }
      for (const { command, before, refused, changes } of world.past) {
        if (command.do === 'issue' || before === null || command.seen === before.revision) continue;
        expect(changes).toEqual([]);
        const earlier = ['revision_conflict', 'role_missing', 'approval_closed', 'approval_past_deadline'];
        expectThat(refused === null || earlier.includes(refused), refused);
      }
    });
  });
});

/** RFC 8785 of the content, written out: members in order of their names, no space. */
function hashByHand({ target_type, target_id, matrix_row, justification, sla_deadline }: Approval): string {
  const text =
    `{"justification":${JSON.stringify(justification)},"matrix_row":${JSON.stringify(matrix_row)},` +
    `"sla_deadline":${sla_deadline === null ? 'null' : JSON.stringify(toIso(sla_deadline))},` +
    `"target_id":${JSON.stringify(target_id)},"target_type":${JSON.stringify(target_type)}}`;
  return createHash('sha256').update(text).digest('hex');
}
