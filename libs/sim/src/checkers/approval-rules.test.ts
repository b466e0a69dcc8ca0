import { beforeEach, describe, expect, it } from '@jest/globals';
import { type JsonObject, toIso } from '#libs/kernel';
import { EPOCH } from '../time/virtual-time.ts';
import { World } from '../run/world.ts';
import { ApprovalRules } from './approval-rules.ts';

const ID = 'APP-100001-ff-gated';
const ISSUED: JsonObject = {
  id: ID,
  target_id: 'ff.gated',
  matrix_row: 'row-sensitive-override',
  required_roles: ['product_owner'],
  state: 'pending',
  revision: 1,
  content_hash: 'a',
  sla_deadline: toIso(EPOCH + 60_000),
  issued_by: 'bot',
  issued_at: toIso(EPOCH),
  version: 1,
  signatures: [],
};
const EDITED: JsonObject = {
  ...ISSUED,
  revision: 2,
  content_hash: 'b',
  edited_by: 'ida',
  edited_at: toIso(EPOCH + 10_000),
};

let found: string[];
let checker: ApprovalRules;
beforeEach(() => {
  found = [];
  checker = new ApprovalRules(new World(1, { replicas: 1, admins: 1 }), ({ detail }) => void found.push(detail));
  commit(0, ISSUED);
});

function commit(ms: number, row: JsonObject | null): void {
  const changes = [{ key: ID, version: 1, row }];
  const line = { line: 1, table: 'approval', at: EPOCH + ms, version: 1, changes, records: [], messages: [] };
  checker.committed({ store: 'admin', line, at: ms, isFound: false });
}

function signed(row: JsonObject, signer: string, ms: number): JsonObject {
  const { revision = null, content_hash = null } = row;
  const signature = { revision, content_hash, signer, role: 'product_owner', signed_at: toIso(EPOCH + ms) };
  return { ...row, state: 'signed_full', signatures: [signature] };
}

describe('the rules of approvals', () => {
  it('let one be edited, signed and withdrawn', () => {
    commit(10_000, EDITED);
    commit(20_000, signed(EDITED, 'pam', 20_000));
    const closed_at = toIso(EPOCH + 70_000);
    commit(70_000, { ...signed(EDITED, 'pam', 20_000), state: 'withdrawn', closed_at });
    expect(found).toEqual([]);
    expect(checker.checks).toBeGreaterThan(20);
  });

  it.each<[string, number, JsonObject | null, string]>([
    ['one that is taken away', 10_000, null, 'evidence was deleted'],
    ['a signature of whoever has not the role', 10_000, signed(ISSUED, 'fin', 10_000), 'fin signed as product_owner'],
    ['a signature of whoever issued it', 10_000, signed(ISSUED, 'bot', 10_000), 'bot signed what they issued'],
    ['a signature at its deadline', 60_000, signed(ISSUED, 'pam', 60_000), 'signed at its deadline or after'],
    ['a signature of another instant', 10_000, signed(ISSUED, 'pam', 9_000), 'at another instant than its record'],
    [
      'an edit at its deadline',
      60_000,
      { ...EDITED, edited_at: toIso(EPOCH + 60_000) },
      'past its deadline it became pending',
    ],
    [
      'a rejection past its deadline',
      70_000,
      { ...ISSUED, state: 'rejected', closed_at: toIso(EPOCH + 70_000) },
      'past its deadline it became rejected',
    ],
    ['an edit of another instant', 11_000, EDITED, 'says that ida edited it'],
    [
      'an edit that nobody made',
      10_000,
      { ...EDITED, edited_by: 'pam', revision: 1, content_hash: 'a' },
      'says that pam',
    ],
    ['one that is closed and does not say when', 10_000, { ...ISSUED, state: 'withdrawn' }, 'closed at nothing'],
    [
      'one that is open and says when it was closed',
      10_000,
      { ...signed(ISSUED, 'pam', 10_000), closed_at: toIso(EPOCH + 10_000) },
      'it is signed_full and says',
    ],
    [
      'a deadline beyond what its row allows',
      10_000,
      { ...EDITED, sla_deadline: toIso(EPOCH + 30 * 86_400_000 + 1) },
      'longer than its row allows',
    ],
    ['one without a deadline', 10_000, { ...EDITED, sla_deadline: null }, 'longer than its row allows'],
  ])('find %s', (_what, ms, row, detail) => {
    commit(ms, row);
    expect(found).toContainEqual(expect.stringContaining(detail));
  });
});
