import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { toIso } from '#libs/kernel';
import { PLACES, histories, live } from '../testing/histories.ts';
import { Ledger, placeText, resultOf } from '../testing/ledger.ts';
import { DAY_MS, DUAL, sampleMatrix } from '../testing/samples.ts';
import type { Happening, World } from '../testing/world.ts';
import type { Approval, Signature } from './approval.ts';
import { approvalDocument } from './approval-document.ts';
import { parseApproval } from './parse-approval.ts';
import { ttlStateOf } from './ttl-state.ts';

/** As `expect`, for what is asked many thousand times: a claim with what was found beside it. */
function expectThat(holds: boolean, ...found: readonly unknown[]): void {
  if (!holds) throw new Error(`does not hold: ${JSON.stringify(found)}`);
}

/** Follows a world with a ledger; every command must come to what the ledger says. */
function follow(ledger: Ledger, world: World, from: number): number {
  for (const happening of world.past.slice(from)) {
    const newId = happening.command.do === 'issue' ? (happening.after?.id ?? 'refused') : null;
    const expected = ledger.expect(happening.command, happening.at, newId);
    expectThat(resultOf(happening) === expected, expected, happening);
  }
  return world.past.length;
}

/** Lets histories happen beside a ledger, and looks after every step. */
function always(look: (world: World, ledger: Ledger) => void, numRuns = 150): void {
  fc.assert(
    fc.property(histories, (history) => {
      const ledger = new Ledger();
      let followed = 0;
      live(history, (world) => {
        followed = follow(ledger, world, followed);
        look(world, ledger);
      });
    }),
    { numRuns },
  );
}

/** Lets histories happen, and looks at each once it is over. */
function afterwards(look: (world: World) => void, numRuns = 150): void {
  fc.assert(
    fc.property(histories, (history) => look(live(history))),
    { numRuns },
  );
}

const accepted = (world: World, what: Happening['command']['do']): Happening[] =>
  world.past.filter(({ command, after, changes }) => command.do === what && after !== null && changes.length > 0);

/** The signature that an accepted command added. */
function signatureOf({ after }: Pick<Happening, 'after'>): Signature | undefined {
  return after?.signatures.at(-1);
}

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

  it('6. Signing twice the same way answers with the first record, unchanged, and writes nothing', () => {
    afterwards((world) => {
      const given = accepted(world, 'sign');
      world.at += 3 * DAY_MS;
      for (const { command, after } of given) {
        const first = signatureOf({ after });
        const again = world.run(command);
        expect([again.refused, again.changes, again.records, again.messages]).toEqual([null, [], [], []]);
        expect(again.after).toBe(again.before);
        expect([...(again.after?.earlier_signatures ?? []), ...(again.after?.signatures ?? [])]).toContainEqual(first);
      }
    });
  });

  it('6. Signing the same way without the role any more is refused: authorization comes first', () => {
    afterwards((world) => {
      for (const { command } of accepted(world, 'sign')) {
        const again = world.run({ ...command, by: { id: command.by.id, roles: [] } });
        expect([again.refused, again.changes]).toEqual(['role_missing', []]);
      }
    });
  });

  it('7. The required roles are those at issue; where the matrix now requires a role that has not signed, deny', () => {
    afterwards((world) => {
      const before = new Map([...world.approvals].map(([id, { required_roles }]) => [id, required_roles]));
      const verdicts = PLACES.map((place) => world.check(place));
      world.matrix = new Map(
        [...sampleMatrix()].map(([name, row]) => [
          name,
          { ...row, required_roles: [...row.required_roles, 'auditor'] },
        ]),
      );
      for (const [index, place] of PLACES.entries()) {
        const was = verdicts[index];
        const is = world.check(place);
        const failSafe = {
          decision: 'deny',
          ttl_state: 'valid',
          reason: 'policy_fail_safe',
          approval_ref: was?.approval_ref,
        };
        expect(is).toEqual(was?.decision === 'deny' ? was : failSafe);
      }
      for (const approval of world.approvals.values()) {
        expect(approval.required_roles).toEqual(before.get(approval.id));
        const by = { id: 'new', roles: ['auditor'] };
        const { refused } = world.run({ do: 'sign', by, id: approval.id, seen: approval.revision, role: 'auditor' });
        expect(refused).not.toBeNull();
      }
    });
  });

  it('8. One open approval per (target, row)', () => {
    always((world, ledger) => {
      for (const place of PLACES) {
        const open = [...world.approvals.values()].filter(
          ({ state, ...approval }) =>
            placeText(approval) === placeText(place) && !['withdrawn', 'rejected'].includes(state),
        );
        expectThat(open.length <= 1, open);
        expectThat(open.map(({ id }) => id).join() === ledger.open(placeText(place)).join(), open);
      }
    });
  });

  it('8. What is superseded is withdrawn in the same decision, with a record and an event of its own', () => {
    afterwards((world) => {
      for (const { command, changes, records, messages, at } of accepted(world, 'issue')) {
        expect(changes.length).toBeLessThanOrEqual(2);
        expect(records.map(({ action }) => action)).toEqual(
          changes.length === 2 ? ['approval.withdrawn', 'approval.issued'] : ['approval.issued'],
        );
        expect(messages.map(({ payload }) => payload['cause'])).toEqual(
          changes.length === 2 ? ['superseded', 'issued'] : ['issued'],
        );
        const [issued, superseded] = changes.toReversed();
        const place = command.do === 'issue' ? command.place : null;
        expect(issued).toMatchObject({ ...place, state: 'pending', issued_at: at });
        const gone = { ...superseded, ...place, state: 'withdrawn', closed_at: at };
        expect(superseded).toEqual(superseded === undefined ? undefined : gone);
        expect(superseded?.sla_deadline ?? 0).toBeLessThanOrEqual(at);
      }
    });
  });

  it('9. Signing after the deadline is refused; the instant of the decision is in the row', () => {
    afterwards((world) => {
      for (const happening of accepted(world, 'sign')) {
        expect(happening.at).toBeLessThan(happening.before?.sla_deadline ?? 0);
        expect(signatureOf(happening)?.signed_at).toBe(happening.at);
        expect(happening.messages.map(({ payload }) => payload['occurred_at'])).toEqual([toIso(happening.at)]);
      }
      const lateSigns = world.past.filter(
        ({ command, before, at }) => command.do === 'sign' && before !== null && at >= (before.sla_deadline ?? 0),
      );
      for (const { changes } of lateSigns) expect(changes).toEqual([]);
    });
  });

  it('10. Evidence is never deleted', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const seen = new Map<string, Set<Signature>>();
        live(history, (world) => {
          expectThat(
            [...seen.keys()].every((id) => world.approvals.has(id)),
            seen,
          );
          for (const approval of world.approvals.values()) {
            const all = new Set([...approval.earlier_signatures, ...approval.signatures]);
            for (const signature of seen.get(approval.id) ?? []) expectThat(all.has(signature), approval, signature);
            seen.set(approval.id, all);
          }
        });
      }),
      { numRuns: 150 },
    );
  });
});

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

/** RFC 8785 of the content, written out: members in order of their names, no space. */
function hashByHand({ target_type, target_id, matrix_row, justification, sla_deadline }: Approval): string {
  const text =
    `{"justification":${JSON.stringify(justification)},"matrix_row":${JSON.stringify(matrix_row)},` +
    `"sla_deadline":${sla_deadline === null ? 'null' : JSON.stringify(toIso(sla_deadline))},` +
    `"target_id":${JSON.stringify(target_id)},"target_type":${JSON.stringify(target_type)}}`;
  return createHash('sha256').update(text).digest('hex');
}
