import { beforeEach, describe, expect, it } from '@jest/globals';
import { array, assert, boolean, constantFrom, oneof, property, record, string, tuple } from 'fast-check';
import type { BulkFlagAnswer, Chain, ChainLink, FlagAnswer } from '#libs/flags';
import { LIMITS } from '#libs/kernel';
import { AnswerTexts } from './answer-texts.ts';

type Meta = BulkFlagAnswer['meta'];

let texts: AnswerTexts;
beforeEach(() => {
  texts = new AnswerTexts();
});

const NO_WARNINGS: readonly string[] = [];
const CHAIN: Chain = [
  { layer: 'user_override', subject: 'U', outcome: 'absent' },
  { layer: 'tenant_override', subject: 'T', outcome: 'matched', value: true },
  { layer: 'targeting', outcome: 'not_consulted' },
  { layer: 'registry_default', outcome: 'shadowed', value: false },
];
const STANDING: Meta = {
  backing_state: 'file_backed',
  verification: 'verified',
  gate: null,
  approval_ref: null,
  ttl_state: null,
  operator_alert: false,
  flag_version: 3,
  chain: CHAIN,
};
const MANY: BulkFlagAnswer = {
  flag_key: 'ff.a',
  enabled: true,
  value: true,
  variant: 'on',
  reason: 'tenant_override',
  warnings: NO_WARNINGS,
  meta: STANDING,
};
const ONE: FlagAnswer = {
  ...MANY,
  meta: { ...STANDING, cache: 'hit', replica: 'ff-1', correlation_id: 'c-1', evaluated_at: '2026-01-01T00:00:00.000Z' },
};

function withoutCall({ meta, ...own }: FlagAnswer): BulkFlagAnswer {
  const { cache: _cache, replica: _replica, correlation_id: _id, evaluated_at: _at, ...standing } = meta;
  return { ...own, meta: standing };
}

function expectText(answer: BulkFlagAnswer): void {
  const body = { flags: [answer, answer] };
  expect(texts.many(body)).toBe(JSON.stringify(body));
}

describe('the text of answers', () => {
  it('is that of no flag, of one and of many', () => {
    expect(texts.many({ flags: [] })).toBe('{"flags":[]}');
    expect(texts.one(ONE)).toBe(JSON.stringify(ONE));
    expectText(MANY);
    expect(texts.one(ONE)).toBe(JSON.stringify(ONE));
  });

  it('tells what differs from call to call', () => {
    expect(texts.one(ONE)).toContain('"cache":"hit"');
    const next: FlagAnswer = {
      ...ONE,
      meta: { ...ONE.meta, cache: 'miss', replica: 'ff-"2"', correlation_id: 'c-2', evaluated_at: 'later' },
    };
    expect(texts.one(next)).toBe(JSON.stringify(next));
  });

  it.each<Partial<BulkFlagAnswer>>([
    { flag_key: 'ff.b' },
    { enabled: false },
    { value: { chain: [{ a: 1 }] } },
    { value: '"' },
    { value: null },
    { variant: 'o"f' },
    { variant: null },
    { reason: 'user_override' },
    { warnings: ['override_invalid'] },
  ])('changes with %j', (changed) => {
    expectText(MANY);
    expectText({ ...MANY, ...changed });
    expectText(MANY);
  });

  it.each<Partial<Meta>>([
    { backing_state: 'db_backed' },
    { verification: 'decode-only' },
    { gate: { matrix_row: 'row', decision: 'deny' } },
    { approval_ref: 'APP-100001-abcd' },
    { ttl_state: 'valid' },
    { operator_alert: true },
    { flag_version: 4 },
    { flag_version: null },
  ])('changes with %j in meta', (changed) => {
    expectText(MANY);
    expectText({ ...MANY, meta: { ...STANDING, ...changed } });
    expectText(MANY);
  });

  it.each<[number, Partial<ChainLink>]>([
    ...[0, 1, 2, 3].flatMap((index): [number, Partial<ChainLink>][] => [
      [index, { outcome: 'invalid' }],
      [index, { value: 'ü"' }],
      [index, { value: { chain: [] } }],
    ]),
    // Layers below the overrides have no subject.
    [0, { subject: 'o"ther' }],
    [1, { subject: 'o"ther' }],
  ])('changes at link %i with %j', (index, changed) => {
    const link = (at: 0 | 1 | 2 | 3): ChainLink => (at === index ? { ...CHAIN[at], ...changed } : CHAIN[at]);
    expectText(MANY);
    expectText({ ...MANY, meta: { ...STANDING, chain: [link(0), link(1), link(2), link(3)] } });
    expectText(MANY);
  });

  describe('that is kept', () => {
    /** How many answers of the second of two bodies are written anew. */
    function writtenAnew(first: readonly BulkFlagAnswer[], second: readonly BulkFlagAnswer[]): number {
      texts.many({ flags: first });
      const { kept, written } = { ...texts.counts };
      expect(texts.many({ flags: second })).toBe(JSON.stringify({ flags: second }));
      expect(texts.counts.kept - kept + texts.counts.written - written).toBe(second.length);
      return texts.counts.written - written;
    }
    const many = (count: number, of: BulkFlagAnswer = MANY): readonly BulkFlagAnswer[] =>
      Array.from({ length: count }, (_, index) => ({ ...of, flag_key: `ff.${index}` }));
    const [user, tenant, targeting, registryDefault] = CHAIN;
    const other: Chain = [{ ...user, subject: 'V' }, tenant, targeting, registryDefault];

    it.each<[string, Partial<BulkFlagAnswer>, Partial<Meta>]>([
      ['an evaluation', {}, {}],
      ['one with warnings', { warnings: ['auth_not_verified'] }, {}],
      ['a gated one', {}, { gate: { matrix_row: 'row', decision: 'allow' }, approval_ref: 'APP-100001-abcd' }],
    ])('serves other subjects: %s', (_what, own, meta) => {
      // As evaluations make them: the same in other objects.
      const of = (chain: Chain) =>
        many(20, structuredClone({ ...MANY, ...own, meta: { ...STANDING, ...meta, chain } }));
      expect(writtenAnew(of(CHAIN), of(other))).toBe(0);
    });

    it('is written anew for the flag that answers otherwise alone', () => {
      const [first = MANY, ...others] = many(20);
      expect(writtenAnew(many(20), [{ ...first, enabled: false }, ...others])).toBe(1);
    });

    it.each<[string, BulkFlagAnswer]>([
      ['keys that no flag has', { ...MANY, meta: { ...STANDING, flag_version: null } }],
      ['long answers', { ...MANY, value: 'x'.repeat(LIMITS.keptAnswerLength) }],
    ])('is none of %s', (_what, of) => {
      expect(writtenAnew(many(20, of), many(20, of))).toBe(20);
      expect(texts.size).toBe(0);
    });

    it('is dropped when there are too many, and not for one that is there', () => {
      const all = many(LIMITS.keptAnswers);
      const [first = MANY] = all;
      expect(writtenAnew(all, [{ ...first, enabled: false }, ...all.slice(1)])).toBe(1);
      expect(texts.size).toBe(LIMITS.keptAnswers);
      expect(writtenAnew([{ ...MANY, flag_key: 'ff.more' }], all.slice(0, 10))).toBe(10);
      expect(texts.size).toBe(11);
    });
  });

  it('is that of JSON.stringify for whatever is answered, one after another', () => {
    const text = string({ maxLength: 2, unit: 'binary' });
    const link = (layer: ChainLink['layer']) =>
      record(
        {
          layer: constantFrom(layer),
          subject: constantFrom('U', 'V'),
          outcome: constantFrom<ChainLink['outcome'][]>('matched', 'absent'),
          value: constantFrom(true, 'v'),
        },
        { requiredKeys: ['layer', 'outcome'] },
      );
    const meta = record({
      backing_state: constantFrom<Meta['backing_state'][]>('file_backed'),
      verification: constantFrom<Meta['verification'][]>('verified', 'decode-only'),
      gate: constantFrom<Meta['gate'][]>(null, null, { matrix_row: 'row', decision: 'allow' }),
      approval_ref: constantFrom(null, 'APP-100001-abcd'),
      ttl_state: constantFrom(null, 'valid'),
      operator_alert: boolean(),
      flag_version: constantFrom(1, 2, null),
      chain: tuple(link('user_override'), link('tenant_override'), link('targeting'), link('registry_default')),
      cache: constantFrom<FlagAnswer['meta']['cache'][]>('hit', 'stale'),
      replica: text,
      correlation_id: text,
      evaluated_at: text,
    });
    const answer = record({
      flag_key: oneof(constantFrom('ff.a', 'ff.b'), text),
      enabled: boolean(),
      value: oneof(constantFrom(true, false, null, { chain: ['}}', ']'] }), text),
      variant: constantFrom('on', null),
      reason: constantFrom<BulkFlagAnswer['reason'][]>('registry_default', 'split'),
      warnings: constantFrom(NO_WARNINGS, ['override_invalid']),
      meta,
    });
    assert(
      property(array(answer, { maxLength: 12 }), (flags) => {
        for (const one of flags) expect(texts.one(one)).toBe(JSON.stringify(one));
        const many = { flags: flags.map(withoutCall) };
        expect(texts.many(many)).toBe(JSON.stringify(many));
      }),
    );
  });
});
