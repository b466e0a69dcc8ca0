import { describe, expect, it } from '@jest/globals';
import { type JsonObject, type JsonValue, PttError } from '#libs/kernel';
import { EDITED_AND_SIGNED, sampleApproval } from '../testing/samples.ts';
import type { Approval } from './approval.ts';
import { approvalAnswer, approvalDocument } from './approval-document.ts';
import { parseApproval } from '../testing/parse-approval.ts';

const WITHDRAWN = sampleApproval({ state: 'withdrawn' });

function pointersOf(value: JsonValue): unknown {
  try {
    parseApproval(value, '/approvals/4');
    return 'no fault';
  } catch (error) {
    if (!(error instanceof PttError) || error.code !== 'invalid_field') return error;
    return error.faults.map(({ pointer }) => pointer.replace('/approvals/4', ''));
  }
}

const document = (changes: JsonObject = {}, approval: Approval = EDITED_AND_SIGNED): JsonObject => ({
  ...approvalDocument(approval),
  ...changes,
});

function without(name: string, approval: Approval = EDITED_AND_SIGNED): JsonObject {
  return Object.fromEntries(Object.entries(approvalDocument(approval)).filter(([member]) => member !== name));
}

function signatures(change: (signature: JsonObject, index: number) => JsonObject): JsonObject {
  const all = approvalDocument(EDITED_AND_SIGNED)['signatures'];
  return { signatures: Array.isArray(all) ? all.map(change) : [] };
}

describe("an approval's document", () => {
  it('has the fields of the contract', () => {
    expect(approvalDocument(EDITED_AND_SIGNED)).toEqual({
      id: 'APP-100100-sample',
      target_type: 'feature_flag',
      target_id: 'ff.cm.advanced_policy',
      matrix_row: 'row-dual-finance-legal',
      justification: 'because',
      required_roles: ['finance_gate', 'legal_gate'],
      required_signer_count: 2,
      state: 'signed_full',
      revision: 2,
      content_hash: EDITED_AND_SIGNED.content_hash,
      sla_deadline: '2026-03-02T00:00:00.000Z',
      issued_by: 'ida',
      issued_at: '2026-03-01T00:00:00.000Z',
      edited_by: 'edo',
      edited_at: '2026-03-01T00:00:00.001Z',
      version: 1,
      signatures: [
        {
          approval_id: 'APP-100100-sample',
          revision: 1,
          signer: 'sam',
          role: 'legal_gate',
          signed_at: '2026-03-01T00:00:00.000Z',
          content_hash: '0'.repeat(64),
          comment: 'fine\tby me\nand by all',
        },
        ...['sam finance_gate', 'lea legal_gate'].map((who) => ({
          approval_id: 'APP-100100-sample',
          revision: 2,
          signer: who.split(' ')[0],
          role: who.split(' ')[1],
          signed_at: '2026-03-01T00:00:00.002Z',
          content_hash: EDITED_AND_SIGNED.content_hash,
        })),
      ],
    });
    expect(approvalDocument(WITHDRAWN)).toMatchObject({ state: 'withdrawn', closed_at: '2026-03-01T00:00:00.003Z' });
    expect(Object.keys(approvalDocument(WITHDRAWN))).not.toContain('edited_by');
  });

  it('shows callers the signatures that count', () => {
    expect(approvalAnswer(EDITED_AND_SIGNED)).toEqual(
      approvalDocument({ ...EDITED_AND_SIGNED, earlier_signatures: [] }),
    );
    expect(approvalAnswer(EDITED_AND_SIGNED)['signatures']).toHaveLength(2);
  });

  it.each([
    ['signed in full, once edited', EDITED_AND_SIGNED],
    ['pending', sampleApproval()],
    ['partly signed', sampleApproval({ state: 'signed_partial', required_roles: ['a', 'b'], signed: [['sam', 'b']] })],
    ['withdrawn', WITHDRAWN],
    ['rejected', sampleApproval({ state: 'rejected' })],
    ['without a deadline', sampleApproval({ sla_deadline: null })],
  ])('reads back what is %s', (_what, approval) => {
    expect(parseApproval(approvalDocument(approval))).toEqual(approval);
  });

  it('reads people’s own instants and leaves out the version', () => {
    const given = { ...without('version'), sla_deadline: '2026-03-02T01:00:00+01:00' };
    expect(parseApproval(given)).toEqual({ ...EDITED_AND_SIGNED, version: 0 });
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['an id of another shape', document({ id: 'APP-1-x' }, WITHDRAWN), ['/id']],
    ['an id with a path in it', document({ id: 'APP-100100-../x' }, WITHDRAWN), ['/id']],
    ['an id that is too long', document({ id: `APP-100100-${'x'.repeat(118)}` }, WITHDRAWN), ['/id']],
    ['no target', without('target_id'), ['/target_id']],
    ['an empty target', document({ target_id: '' }), ['/target_id']],
    ['a control character', document({ target_id: 'a\u0007' }), ['/target_id']],
    ['a line end in a name', document({ issued_by: 'a\nb' }), ['/issued_by']],
    ['U+0000', document({ justification: 'a\u0000' }), ['/justification']],
    ['half a character', document({ justification: 'a\ud800' }), ['/justification']],
    ['an endless name', document({ issued_by: 'x'.repeat(257) }), ['/issued_by']],
    ['an endless text', document({ justification: 'x'.repeat(2_001) }), ['/justification']],
    ['an unknown state', document({ state: 'expired' }), ['/state']],
    ['a revision of 0', document({ revision: 0 }), ['/revision']],
    ['a broken revision', document({ revision: 1.5 }), ['/revision']],
    ['a revision in words', document({ revision: '2' }), ['/revision']],
    ['a version of 0', document({ version: 0 }), ['/version']],
    ['a hash that goes on', document({ content_hash: 'a'.repeat(65) }), ['/content_hash']],
    ['a hash with something before it', document({ content_hash: `x${'a'.repeat(64)}` }), ['/content_hash']],
    ['a hash in capitals', document({ content_hash: EDITED_AND_SIGNED.content_hash.toUpperCase() }), ['/content_hash']],
    ['a day that does not exist', document({ sla_deadline: '2026-02-30T00:00:00Z' }), ['/sla_deadline']],
    ['no issue', without('issued_at'), ['/issued_at']],
    ['another count', document({ required_signer_count: 1 }), ['/required_signer_count']],
    [
      'no roles',
      document({ required_roles: [], required_signer_count: 0 }),
      ['/required_signer_count', '/required_signer_count'],
    ],
    ['a role twice', document({ required_roles: ['a', 'a'] }), ['/required_roles/1']],
    ['a stranger', document({ admin: true }), ['/admin']],
    ['a stranger with a slash', document({ 'a/b~c': true }), ['/a~1b~0c']],
    ['no signatures', without('signatures'), ['/signatures']],
    ['an end before the end', document({ closed_at: '2026-03-01T00:00:00Z' }), ['/closed_at']],
    ['no end behind the end', without('closed_at', WITHDRAWN), ['/closed_at']],
    ['a stranger in a signature', document(signatures((s, i) => (i === 1 ? { ...s, x: 1 } : s))), ['/signatures/1/x']],
    [
      'an empty comment',
      document(signatures((s, i) => (i === 2 ? { ...s, comment: '' } : s))),
      ['/signatures/2/comment'],
    ],
  ])('with %s is refused', (_what, value, pointers) => {
    expect(pointersOf(value)).toEqual(pointers);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    [
      'another hash',
      document({ content_hash: '1'.repeat(64) }),
      ['/content_hash', '/signatures/1/content_hash', '/signatures/2/content_hash'],
    ],
    ['an editor without a time', without('edited_at'), ['/edited_at']],
    ['a time without an editor', without('edited_by'), ['/edited_at']],
    [
      'a signature of another approval',
      document(signatures((s) => ({ ...s, approval_id: 'APP-100101-x' }))),
      ['/signatures/1/approval_id', '/signatures/2/approval_id', '/signatures/0/approval_id'],
    ],
    [
      'a signature of a revision to come',
      document(signatures((s, i) => (i === 0 ? { ...s, revision: 3 } : s))),
      ['/signatures/0/revision'],
    ],
    [
      'a role that nobody asked for',
      document(signatures((s, i) => (i === 2 ? { ...s, role: 'auditor' } : s))),
      ['/signatures/2/role'],
    ],
    [
      'the issuer’s signature',
      document(signatures((s, i) => (i === 1 ? { ...s, signer: 'ida' } : s))),
      ['/signatures/1/signer'],
    ],
    [
      'the editor’s signature',
      document(signatures((s, i) => (i === 2 ? { ...s, signer: 'edo' } : s))),
      ['/signatures/2/signer'],
    ],
    [
      'one person twice',
      document(signatures((s, i) => (i === 2 ? { ...s, signer: 'sam' } : s))),
      ['/signatures/2/signer'],
    ],
    [
      'one role twice',
      document(signatures((s, i) => (i === 2 ? { ...s, role: 'finance_gate' } : s))),
      ['/signatures/2/role'],
    ],
    ['a state that its signatures do not make', document({ state: 'signed_partial' }), ['/state']],
  ])('with %s contradicts itself', (_what, value, pointers) => {
    expect(pointersOf(value)).toEqual(pointers);
  });

  it('may be as long as the contract allows', () => {
    const longest = sampleApproval({
      target_id: 'x'.repeat(256),
      issued_by: 'y'.repeat(256),
      justification: 'z'.repeat(2_000),
    });
    expect(parseApproval(approvalDocument(longest))).toEqual(longest);
  });

  it('is refused when it is none', () => {
    for (const value of [null, 1, 'x', [], [document()]]) expect(pointersOf(value)).toEqual(['']);
  });

  it('says in words what is wrong', () => {
    expect(() => parseApproval({})).toThrow('The approval does not hold');
  });
});
