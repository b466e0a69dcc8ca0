import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import { DAY_MS, EDITED_AND_SIGNED, ISSUED_AT } from '../testing/samples.ts';
import { approvalAnswer, approvalDocument } from './approval-document.ts';
import { parseStoredApproval } from './parse-approval.ts';

const document = (changes: JsonObject = {}): JsonObject => ({ ...approvalDocument(EDITED_AND_SIGNED), ...changes });

describe('a stored row', () => {
  it('is what it says when it can be read', () => {
    expect(parseStoredApproval(approvalDocument(EDITED_AND_SIGNED))).toEqual(EDITED_AND_SIGNED);
  });

  it('is kept as it is when it cannot, with what of it is legible', () => {
    const row = document({ state: 'escalated' });
    expect(parseStoredApproval(row, '/approvals/0')).toEqual({
      state: 'unreadable',
      id: EDITED_AND_SIGNED.id,
      target_type: EDITED_AND_SIGNED.target_type,
      target_id: EDITED_AND_SIGNED.target_id,
      matrix_row: EDITED_AND_SIGNED.matrix_row,
      issued_at: ISSUED_AT,
      version: 1,
      document: row,
      faults: [
        {
          pointer: '/approvals/0/state',
          detail: 'must be one of pending, signed_partial, signed_full, withdrawn, rejected',
        },
      ],
    });
    expect(approvalDocument(parseStoredApproval(row))).toBe(row);
    expect(approvalAnswer(parseStoredApproval(row))).toBe(row);
  });

  it('is unreadable when its parts contradict each other', () => {
    expect(parseStoredApproval(document({ sla_deadline: new Date(ISSUED_AT + 2 * DAY_MS).toISOString() })).state).toBe(
      'unreadable',
    );
  });

  it('is told of its faults by their places in itself', () => {
    const row = parseStoredApproval(document({ state: 'escalated' }));
    expect(row.state === 'unreadable' ? row.faults.map(({ pointer }) => pointer) : []).toEqual(['/state']);
  });

  it('may be no object at all', () => {
    expect(parseStoredApproval('x')).toMatchObject({ state: 'unreadable', id: '', document: { value: 'x' } });
  });
});
