import { describe, expect, it } from '@jest/globals';
import { type JsonObject, isJsonObject } from '#libs/kernel';
import { CountingTransactions } from '../testing/counting-transactions.ts';
import { EDITED_AND_SIGNED, sampleApproval } from '../testing/samples.ts';
import { approvalDocument } from './approval-document.ts';
import { decideSeed, parseSeeds } from './decide-seed.ts';
import { parseChainedRecords } from './ingest.ts';
import { parseMatrix } from './matrix.ts';
import { parseApproval } from '../testing/parse-approval.ts';
import { saidOf } from '../testing/said-of.ts';

const FULL = approvalDocument(EDITED_AND_SIGNED);

/** The edited and signed approval with one member of one of its signatures changed; the first is of its first revision. */
function signedWith(change: JsonObject, which = 2): JsonObject {
  const all = FULL['signatures'];
  const signatures = Array.isArray(all) ? all.filter(isJsonObject) : [];
  return { ...FULL, signatures: signatures.with(which, { ...signatures[which], ...change }) };
}

describe('what is said of an approval that does not hold', () => {
  it.each<[string, JsonObject]>([
    ['/target_id must be a text', { target_id: 5 }],
    ['/target_id must have 1 to 256 characters', { target_id: '' }],
    ['/target_id must be well-formed Unicode without control characters', { target_id: '\u0001' }],
    ['/id must match ^(?=.{1,128}$)APP-\\d{6}-[a-z0-9]+(?:-[a-z0-9]+)*$', { id: 'APP-1' }],
    ['/revision must be a whole number from 1', { revision: 0 }],
    ['/issued_at must be an RFC 3339 instant such as 2026-01-31T12:00:00.000Z', { issued_at: 'now' }],
    ['/state must be one of pending, signed_partial, signed_full, withdrawn, rejected', { state: 'x' }],
    ['/signatures must be a list', { signatures: {} }],
    ['/required_roles/1 finance_gate is there twice', { required_roles: ['finance_gate', 'finance_gate'] }],
    ['/required_signer_count must be the number of required_roles', { required_signer_count: 3 }],
    ['/closed_at has no place in an approval that is signed_full', { closed_at: '2026-03-01T00:00:00Z' }],
    ['/closed_at is required of an approval that is withdrawn', { state: 'withdrawn' }],
    ['/admin is not a known field', { admin: true }],
    ['/state does not fit 2 of 2 signatures', { state: 'pending' }],
  ])('%s', (line, change) => {
    expect(saidOf(() => parseApproval({ ...FULL, ...change })).slice(1)).toEqual([line]);
  });

  it.each<[string, JsonObject]>([
    ['/signatures/2/approval_id names another approval', { approval_id: 'APP-100101-x' }],
    ['/signatures/2/content_hash is not the hash of the approval', { content_hash: '1'.repeat(64) }],
    ['/signatures/2/role is not one of required_roles', { role: 'auditor' }],
    ['/signatures/2/signer is the issuer or the last editor, who cannot sign', { signer: 'ida' }],
    ['/signatures/2/signer has signed this revision already', { signer: 'sam' }],
    ['/signatures/2/role has signed this revision already', { role: 'finance_gate' }],
  ])('%s', (line, change) => {
    expect(saidOf(() => parseApproval(signedWith(change))).slice(1)).toEqual([line]);
  });

  it('is said of what came before, too', () => {
    expect(saidOf(() => parseApproval(signedWith({ approval_id: 'APP-100101-x' }, 0))).slice(1)).toEqual([
      '/signatures/0/approval_id names another approval',
    ]);
    expect(saidOf(() => parseApproval(signedWith({ revision: 9 }))).slice(1)).toEqual([
      '/signatures/1/revision is a revision that is yet to come',
      '/state does not fit 1 of 2 signatures',
    ]);
  });

  it('is said of an editor without a time', () => {
    const { edited_at: _edited_at, ...rest } = FULL;
    expect(saidOf(() => parseApproval(rest)).slice(1)).toEqual([
      '/edited_at stands beside edited_by, or neither is there',
    ]);
  });

  it('is said of its hash', () => {
    const pending = approvalDocument(sampleApproval());
    expect(saidOf(() => parseApproval({ ...pending, content_hash: '1'.repeat(64) })).slice(1)).toEqual([
      '/content_hash is not the hash of target, row, sla_deadline and justification',
    ]);
    expect(saidOf(() => parseApproval(null)).slice(1)).toEqual([' must be an object']);
    expect(saidOf(() => parseApproval({})).slice(1, 3)).toEqual([
      '/state must be one of pending, signed_partial, signed_full, withdrawn, rejected',
      '/revision must be a whole number from 1',
    ]);
  });
});

describe('what is said of other files that do not hold', () => {
  it('of a matrix', () => {
    const row = { row: 'a', required_roles: [], use_within: 'x', warn_before: 'x', self_sign: true };
    expect(
      saidOf(() => parseMatrix({ rows: [row, { ...row, use_within: 'P1D', warn_before: 'P1D', self_sign: false }] })),
    ).toEqual([
      'The approval matrix does not hold; mend each fault.',
      '/rows/0/use_within must be an ISO 8601 duration of W, D, H, M and S, longer than nothing, such as P14D',
      '/rows/0/warn_before must be an ISO 8601 duration of W, D, H, M and S, such as P1D',
      '/rows/0/self_sign must be false: the issuer and the last editor never sign',
      '/rows/1/row a is there twice',
    ]);
    expect(saidOf(() => parseMatrix({ rows: [{}] })).slice(1, 3)).toEqual([
      '/rows/0/row is required',
      '/rows/0/required_roles must be a list',
    ]);
  });

  it('of seeds', () => {
    expect(saidOf(() => parseSeeds({ approvals: [] }))[0]).toBe('The approvals to seed do not hold; mend each fault.');
    const approvals = [sampleApproval(), sampleApproval()];
    const { answer } = decideSeed(true, { reference_time: 0, approvals }, null, new CountingTransactions().at(0));
    expect(answer).toEqual({
      refused: {
        code: 'config_invalid',
        detail: 'The approvals to seed do not hold; mend each fault.',
        faults: [
          { pointer: '/approvals/1/id', detail: 'APP-100100-sample is there twice' },
          { pointer: '/approvals/1', detail: 'is a second open approval for its target and row' },
        ],
      },
    });
  });

  it('of records that come in', () => {
    expect(saidOf(() => parseChainedRecords(Array.from({ length: 501 }, () => null)))).toEqual([
      'At most 500 records a call.',
    ]);
    const event = { id: 'e', source: '/ptt/ff', n: Number.POSITIVE_INFINITY };
    expect(
      saidOf(() => parseChainedRecords([{ event, sequence: 1, prev_hash: '0'.repeat(64), hash: '0'.repeat(64) }])),
    ).toEqual([
      'Records do not hold; nothing was taken.',
      '/records/0/event holds a number or a text that JSON cannot carry',
    ]);
  });
});
