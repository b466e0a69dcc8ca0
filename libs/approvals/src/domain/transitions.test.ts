import { describe, expect, it } from '@jest/globals';
import { CountingTransactions } from '../testing/counting-transactions.ts';
import {
  CLAIMS,
  Differences,
  NOTHING,
  PEOPLE,
  REVISION,
  SEEN,
  STARTS,
  TIMES,
  cases,
  firstThatHolds,
  isFinal,
  oneStep,
  resultOf,
  written,
} from '../testing/every-case.ts';
import { DAY_MS, ISSUED_AT, sampleMatrix } from '../testing/samples.ts';
import { contentHash } from './approval.ts';
import { decideEdit } from './decide-edit.ts';
import { decideSign } from './decide-sign.ts';

// What must come of each case is said here once more, as a list of conditions of which the first that holds decides.

describe.each(STARTS)('an approval that is $name', (start) => {
  const { state, signed, roles: required } = start;

  it.each(['finance_gate', 'legal_gate', 'auditor'])(
    'signed as %s: what the table does not have is refused',
    (role) => {
      let count = 0;
      const differences = new Differences();
      for (const { approval, at, by, seen, isLate } of cases(start)) {
        const own = signed.find(([signer]) => signer === by.id);
        const isRepeat = own?.[1] === role && seen === REVISION;
        const expected = firstThatHolds(
          [
            [!by.roles.includes(role), 'role_missing'],
            [isRepeat, state],
            [isFinal(state), 'approval_closed'],
            [isLate, 'approval_past_deadline'],
            [seen !== REVISION, 'revision_conflict'],
            [state === 'signed_full', 'approval_fully_signed'],
            [!required.includes(role), 'role_not_required'],
            [by.id === 'ida' || by.id === 'edo', 'self_sign_forbidden'],
            [own !== undefined, 'already_signed'],
            [signed.some((signature) => signature[1] === role), 'role_already_signed'],
          ],
          signed.length + 1 === required.length ? 'signed_full' : 'signed_partial',
        );
        const decision = decideSign(
          approval,
          { revision: seen, role, comment: null },
          by,
          new CountingTransactions(9).at(at),
        );
        differences.compare(resultOf(decision), expected, [by, seen, at]);
        const signature = {
          approval_id: approval.id,
          revision: REVISION,
          signer: by.id,
          role,
          signed_at: at,
          content_hash: approval.content_hash,
          comment: null,
        };
        const signatures = [...approval.signatures, signature];
        const refused = { rows: [], records: [['approval.sign_refused', 'refused', expected]], causes: [] };
        const step = oneStep({ ...approval, state: expected, version: 10, signatures }, 'approval.signed', 'signed');
        const accepted = isRepeat ? NOTHING : step;
        differences.compare(written(decision), 'refused' in decision.answer ? refused : accepted, [by, seen, at]);
        count += 1;
      }
      expect(differences.found).toEqual([]);
      expect(count).toBe(TIMES.length * PEOPLE.length * CLAIMS.length * SEEN.length);
    },
  );

  it.each([
    ['nothing', {}],
    ['the same justification', { justification: 'because' }],
    ['the justification', { justification: 'better' }],
    ['the deadline', { sla_deadline: ISSUED_AT + 2 * DAY_MS }],
    ['the deadline beyond the row', { sla_deadline: ISSUED_AT + 2 * DAY_MS + 1 }],
    ['the deadline into the past', { sla_deadline: ISSUED_AT }],
  ])('edited in %s: what the table does not have is refused', (_what, edit) => {
    const differences = new Differences();
    for (const { approval, at, by, seen, isLate } of cases(start)) {
      const { justification, sla_deadline } = { justification: null, sla_deadline: null, ...edit };
      const isSame =
        (justification ?? 'because') === 'because' && (sla_deadline ?? approval.sla_deadline) === approval.sla_deadline;
      const isOutOfBounds = sla_deadline !== null && (sla_deadline > ISSUED_AT + 2 * DAY_MS || sla_deadline <= at);
      const expected = firstThatHolds(
        [
          [isFinal(state), 'approval_closed'],
          [isLate, 'approval_past_deadline'],
          [seen !== REVISION, 'revision_conflict'],
          [isSame, state],
          [isOutOfBounds, 'deadline_invalid'],
        ],
        'pending',
      );
      const rowOf = (row: string) => sampleMatrix().get(row) ?? null;
      const tx = new CountingTransactions(9).at(at);
      const decision = decideEdit(approval, { revision: seen, justification, sla_deadline }, { by, rowOf }, tx);
      differences.compare(resultOf(decision), expected, [by, seen, at]);
      const content = {
        ...approval,
        justification: justification ?? 'because',
        sla_deadline: sla_deadline ?? approval.sla_deadline,
      };
      const row = {
        ...content,
        content_hash: contentHash(content),
        state: 'pending',
        revision: REVISION + 1,
        edited_by: by.id,
        edited_at: at,
        version: 10,
        signatures: [],
        earlier_signatures: approval.signatures,
      };
      const isEdited = 'accepted' in decision.answer && !isSame;
      differences.compare(written(decision), isEdited ? oneStep(row, 'approval.edited', 'edited') : NOTHING, [
        by,
        seen,
        at,
      ]);
    }
    expect(differences.found).toEqual([]);
  });
});
