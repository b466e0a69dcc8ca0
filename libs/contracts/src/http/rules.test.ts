import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import * as fc from 'fast-check';
import { LIMITS } from '#libs/kernel';
import { validators } from '../generated/schemas.generated.ts';
import { EditBody, IssueBody, PreviewBody, RejectBody, SignBody, WithdrawBody } from './approval-bodies.ts';
import { InvalidateBody, OverrideBody } from './flag-bodies.ts';
import { ApprovalsQuery, AuditQuery, ImportQuery, PageQuery } from './queries.ts';
import { isVariantValue } from './rules.ts';

type Class = new () => object;

/** The members that class-validator refuses, as the services' pipe asks it. */
function refused(type: Class, value: object): readonly string[] {
  const instance = plainToInstance(type, value, { enableImplicitConversion: false });
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  return errors.map(({ property }) => property);
}

/** The messages about one member. */
function messages(type: Class, value: object, member: string): readonly string[] {
  const errors = validateSync(plainToInstance(type, value), { whitelist: true, forbidNonWhitelisted: true });
  return errors
    .filter(({ property }) => property === member)
    .flatMap(({ constraints }) => Object.values(constraints ?? {}));
}

const place = { target_type: 'feature_flag', target_id: 'ff.cm.advanced_policy', matrix_row: 'row-sensitive-override' };
const end = '2027-01-31T00:00:00+01:00';

describe('honest bodies and queries', () => {
  it.each<readonly [Class, object]>([
    [OverrideBody, { value: true, reason: 'pilot' }],
    [OverrideBody, { value: false, reason: 'pilot', expires_at: end }],
    [OverrideBody, { value: { nested: ['x', null, 1] }, reason: 'line\nline\ttab' }],
    [OverrideBody, { variant: 'on', reason: 'pilot' }],
    [InvalidateBody, {}],
    [InvalidateBody, { namespace: 'jwks' }],
    [InvalidateBody, { namespace: 'override', user: 'U-9' }],
    [IssueBody, { ...place, justification: 'pilot', sla_deadline: end }],
    [IssueBody, { ...place, justification: 'pilot' }],
    [PreviewBody, place],
    [EditBody, { revision: 1 }],
    [EditBody, { revision: 2, justification: 'other', sla_deadline: end }],
    [SignBody, { revision: 1, role: 'product_owner' }],
    [SignBody, { revision: 1, role: 'product_owner', comment: 'read' }],
    [RejectBody, { revision: 1, reason: 'no' }],
    [WithdrawBody, { revision: 1, reason: 'no' }],
    [PageQuery, { limit: LIMITS.pageSizeMax, cursor: 'abc' }],
    [ApprovalsQuery, { state: 'pending', target_id: 'ff.example', limit: 1 }],
    [AuditQuery, { action: 'override.set', outcome: 'refused', from: end, to: end, format: 'ndjson' }],
    [ImportQuery, { format: 'ptt', dry_run: true, prune: false }],
  ])('%p takes %j', (type, body) => {
    expect(refused(type, body)).toEqual([]);
  });
});

describe('other bodies and queries', () => {
  it.each<readonly [Class, object, readonly string[]]>([
    [OverrideBody, { reason: 'pilot' }, ['value']],
    [OverrideBody, { value: true, variant: 'on', reason: 'pilot' }, ['value']],
    [OverrideBody, { value: null, reason: 'pilot' }, ['value']],
    [OverrideBody, { value: [true], reason: 'pilot' }, ['value']],
    [OverrideBody, { variant: null, reason: 'pilot' }, ['variant']],
    [OverrideBody, { value: true }, ['reason']],
    [OverrideBody, { value: true, reason: '' }, ['reason']],
    [OverrideBody, { value: true, reason: 'a\u0000' }, ['reason']],
    [OverrideBody, { value: true, reason: 'x'.repeat(LIMITS.reasonLength + 1) }, ['reason']],
    [OverrideBody, { value: true, reason: 'pilot', expires_at: 'tomorrow' }, ['expires_at']],
    [OverrideBody, { value: true, reason: 'pilot', expires_at: '2027-02-30T00:00:00Z' }, ['expires_at']],
    [OverrideBody, { value: true, reason: 'pilot', expires_at: null }, ['expires_at']],
    [OverrideBody, { value: true, reason: 'pilot', until: end }, ['until']],
    [InvalidateBody, { namespace: 'flags' }, ['namespace']],
    [InvalidateBody, { namespace: null }, ['namespace']],
    [InvalidateBody, { flag: 'ff.example', tenant: 'T-pty' }, ['tenant']],
    [InvalidateBody, { tenant: 'T-pty', user: 'U-9' }, ['user']],
    [InvalidateBody, { flag: 'ff.example', user: 'U-9' }, ['user']],
    [InvalidateBody, { flag: 'x'.repeat(LIMITS.flagKeyLength + 1) }, ['flag']],
    [IssueBody, { ...place }, ['justification']],
    [IssueBody, { justification: 'pilot' }, ['target_type', 'target_id', 'matrix_row']],
    [PreviewBody, { ...place, justification: 'pilot' }, ['justification']],
    [PreviewBody, { ...place, target_id: 5 }, ['target_id']],
    [SignBody, { revision: '1', role: 'product_owner' }, ['revision']],
    [SignBody, { revision: 0, role: 'product_owner' }, ['revision']],
    [SignBody, { revision: 1.5, role: 'product_owner' }, ['revision']],
    [SignBody, { revision: 2 ** 53, role: 'product_owner' }, ['revision']],
    [SignBody, { revision: 1, role: '' }, ['role']],
    [RejectBody, { revision: 1 }, ['reason']],
    [WithdrawBody, { reason: 'no' }, ['revision']],
    [PageQuery, { limit: '10' }, ['limit']],
    [PageQuery, { limit: 0 }, ['limit']],
    [PageQuery, { limit: LIMITS.pageSizeMax + 1 }, ['limit']],
    [PageQuery, { offset: 1 }, ['offset']],
    [ApprovalsQuery, { state: 'expired' }, ['state']],
    [AuditQuery, { action: 'override.put', outcome: 'maybe' }, ['action', 'outcome']],
    [ImportQuery, { dry_run: 'false' }, ['dry_run']],
    [ImportQuery, { format: 'flagd' }, ['format']],
  ])('%p refuses %j for %j', (type, body, members) => {
    expect(refused(type, body).toSorted()).toEqual(members.toSorted());
  });

  it('find every target that can be recorded, such as the override of the longest ids', () => {
    const encoded = encodeURIComponent('\u{ffff}'.repeat(LIMITS.subjectIdLength + LIMITS.flagKeyLength));
    expect(refused(AuditQuery, { target_id: `tenant:${encoded}:` })).toEqual([]);
    const target_id = 'x'.repeat(LIMITS.auditTargetIdLength);
    expect(refused(AuditQuery, { target_id })).toEqual([]);
    expect(refused(AuditQuery, { target_id: `${target_id}x` })).toEqual(['target_id']);
  });

  it('are told what to do instead', () => {
    expect(messages(OverrideBody, { reason: 'pilot' }, 'value')).toEqual([
      'give either value (a boolean, text, number or object) or variant, one of the two',
    ]);
    expect(messages(InvalidateBody, { flag: 'a', user: 'b' }, 'user')).toEqual([
      'cannot stand together with flag or tenant',
    ]);
    expect(messages(PageQuery, { limit: 0 }, 'limit')).toEqual(['must be a whole number from 1 to 500']);
    expect(messages(SignBody, { revision: 0, role: 'a' }, 'revision')).toEqual(['must be a whole number from 1']);
    expect(messages(AuditQuery, { format: 'xml' }, 'format')).toEqual(['must be one of json, ndjson']);
    expect(messages(AuditQuery, { from: 'now' }, 'from')).toEqual([
      'must be an RFC 3339 instant such as 2027-01-31T00:00:00Z',
    ]);
    expect(messages(PreviewBody, { ...place, matrix_row: '' }, 'matrix_row')).toEqual([
      'must be a text of 1 to 256 characters, without control characters or broken Unicode',
    ]);
    expect(messages(InvalidateBody, { flag: '' }, 'flag')).toEqual([
      'must be a flag key of 1 to 128 characters, without control characters or broken Unicode',
    ]);
    expect(messages(RejectBody, { revision: 1, reason: '' }, 'reason')).toEqual([
      'must be a text of 1 to 2000 characters, without control characters or broken Unicode',
    ]);
  });
});

describe('the rules of classes and schemas', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
    fc.integer({ min: 0, max: 0xa0 }).map((unit) => `a${String.fromCharCode(unit)}`),
  );

  const row = { subject_id: 'T-pty', flag_key: 'ff.example', variant: 'on', reason: 'pilot' };
  const inFile = (change: object): boolean =>
    validators.overrideExamples({ tenant_overrides: [{ ...row, ...change }], user_overrides: [] });

  it('agree on ids and texts', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const byClass = refused(IssueBody, { ...place, target_id: text, justification: text });
        expect(byClass.includes('target_id')).toBe(!inFile({ subject_id: text }));
        expect(byClass.includes('justification')).toBe(!inFile({ reason: text }));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a variant’s value', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: nested(depth - 1) });

  it('nests as deep as any body may, and no deeper', () => {
    expect(isVariantValue(nested(LIMITS.jsonDepth))).toBe(true);
    expect(isVariantValue(nested(LIMITS.jsonDepth + 1))).toBe(false);
  });

  it.each([
    [Infinity],
    [NaN],
    ['a\u0000'],
    ['\ud800'],
    [{ 'a\u0000': 1 }],
    [{ a: ['\ud800'] }],
    [undefined],
    [[]],
    [null],
  ])('is not %p', (value) => {
    expect(isVariantValue(value)).toBe(false);
  });

  it.each([[true], [0], [''], ['text\n'], [{}], [{ a: [null, { b: 'c' }] }]])('may be %p', (value) => {
    expect(isVariantValue(value)).toBe(true);
  });
});
