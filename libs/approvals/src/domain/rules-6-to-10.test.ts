import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { toIso } from '#libs/kernel';
import { accepted, afterwards, always, expectThat, signatureOf } from '../testing/following.ts';
import { PLACES, histories, live } from '../testing/histories.ts';
import { placeText } from '../testing/ledger.ts';
import { DAY_MS, sampleMatrix } from '../testing/samples.ts';
import type { Signature } from './approval.ts';

describe('rules that always hold', () => {
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
