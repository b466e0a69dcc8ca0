import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { MemoryStorage } from '@openfeature/flagd-core';
import { assert, constantFrom, dictionary, jsonValue, letrec, oneof, property, string, tuple } from 'fast-check';
import type { JsonObject, JsonValue } from '#libs/kernel';
import { parseJson } from '../testing/parse-json.ts';
import { sampleFlag } from '../testing/samples.ts';
import { FlagdTargeting } from './flagd-targeting.ts';
import { preparedRule, variantOfSplit } from './flagd-rule.ts';

const AT = Date.UTC(2026, 0, 1);
const HALVES = [
  ['on', 50],
  ['off', 50],
];

function evaluate(targeting: JsonObject, context: JsonObject = {}, at = AT) {
  return new FlagdTargeting().evaluate(sampleFlag({ targeting }), context, at);
}

describe('targeting', () => {
  it('is by the definition that a flag has now, whichever its key had before', () => {
    const targeting = new FlagdTargeting();
    const answer = (variant: string) => {
      const flag = sampleFlag({ targeting: { if: [true, variant] } });
      return targeting.evaluate(flag, {}, AT);
    };
    const [on, off] = [
      { kind: 'match', variant: 'on' },
      { kind: 'match', variant: 'off' },
    ];
    expect(['on', 'on', 'off', 'on', 'gone', 'on'].map(answer)).toEqual([on, on, off, on, { kind: 'error' }, on]);
  });

  it.each<[string, JsonObject, JsonObject, object]>([
    [
      'a rule that holds',
      { if: [{ '==': [{ var: 'tier' }, 'gold'] }, 'on'] },
      { tier: 'gold' },
      { kind: 'match', variant: 'on' },
    ],
    ['a rule that does not', { if: [{ '==': [{ var: 'tier' }, 'gold'] }, 'on'] }, {}, { kind: 'default' }],
    ['a rule whose other branch holds', { if: [{ var: 'x' }, 'on', 'off'] }, {}, { kind: 'match', variant: 'off' }],
    [
      'starts_with',
      { if: [{ starts_with: [{ var: 'mail' }, 'a'] }, 'on'] },
      { mail: 'a@x' },
      { kind: 'match', variant: 'on' },
    ],
    [
      'sem_ver',
      { if: [{ sem_ver: [{ var: 'v' }, '>=', '1.2.0'] }, 'on'] },
      { v: '1.10.0' },
      { kind: 'match', variant: 'on' },
    ],
    [
      'the flag key',
      { if: [{ '==': [{ var: '$flagd.flagKey' }, 'ff.sample'] }, 'on'] },
      {},
      { kind: 'match', variant: 'on' },
    ],
    ['no rule', {}, {}, { kind: 'default' }],
    ['a variant that does not exist', { if: [true, 'gone'] }, {}, { kind: 'error' }],
    ['a value that is no variant', { '+': [1, 2] }, {}, { kind: 'error' }],
    ['an operator that does not exist', { nope: [1] }, {}, { kind: 'error' }],
    ['a value without a text', { if: [true, { var: 'o' }] }, { o: { toString: 1 } }, { kind: 'error' }],
    ['a targeting key that is no text', { if: [true, 'on'] }, { targetingKey: 7 }, { kind: 'error' }],
    ['a rule that throws', { throw: 'x' }, {}, { kind: 'error' }],
  ])('answers for %s', (_what, rule, context, expected) => {
    expect(evaluate(rule, context)).toEqual(expected);
  });

  it.each<[string, JsonObject]>([
    ['at the top', { fractional: [['on', 1]] }],
    ['of a seed of its own', { fractional: [{ cat: ['a', { var: 'targetingKey' }] }, ['on', 1]] }],
    ['in a branch', { if: [true, { fractional: [['on', 1]] }] }],
    ['in the last branch', { if: [false, 'off', { fractional: [['on', 1]] }] }],
    ['in a branch of a branch', { if: [false, 'off', { if: [true, { fractional: [['on']] }, 'off'] }] }],
    ['by a name from the context', { fractional: [[{ var: 'name' }, 1]] }],
    ['by a rule in a bucket', { fractional: [[{ if: [true, 'on', 'off'] }, 1]] }],
    ['in a bucket of another', { fractional: [[{ fractional: [['on', 1]] }, 1]] }],
  ])('says split for a fractional %s', (_where, rule) => {
    expect(evaluate(rule, { targetingKey: 'u', name: 'on' })).toEqual({ kind: 'split', variant: 'on' });
  });

  it.each<[string, JsonObject]>([
    ['in a condition', { if: [{ '==': [{ fractional: [['a', 1]] }, 'a'] }, 'on', 'off'] }],
    ['in the branch not taken', { if: [true, 'on', { fractional: [['on', 1]] }] }],
  ])('says match for a fractional %s', (_where, rule) => {
    expect(evaluate(rule, { targetingKey: 'u' })).toEqual({ kind: 'match', variant: 'on' });
  });

  it.each<[string, JsonObject]>([
    ['without a targeting key', { fractional: HALVES }],
    ['whose bucket says nothing', { fractional: [{ cat: ['seed'] }, [null, 1]] }],
    ['whose name is not in the context', { fractional: [{ cat: ['seed'] }, [{ var: 'none' }, 1]] }],
  ])('leaves the default for a fractional %s', (_where, rule) => {
    expect(evaluate(rule)).toEqual({ kind: 'default' });
  });

  it('is an error where a split picks a variant that does not exist', () => {
    expect(evaluate({ fractional: [['gone', 1]] }, { targetingKey: 'u' })).toEqual({ kind: 'error' });
  });

  it('splits boolean variants by their names', () => {
    const flag = sampleFlag({ variants: { true: true, '7': false }, defaultVariant: '7' });
    const by = (variant: JsonValue) =>
      new FlagdTargeting().evaluate({ ...flag, targeting: { fractional: [[variant, 1]] } }, { targetingKey: 'u' }, AT);
    expect(by(true)).toEqual({ kind: 'split', variant: 'true' });
    expect(by(7)).toEqual({ kind: 'split', variant: '7' });
  });

  it.each<[string, JsonValue]>([
    ['var', { var: '$flagd.timestamp' }],
    ['var with a fallback', { var: ['$flagd.timestamp', 0] }],
    ['val', { val: ['$flagd', 'timestamp'] }],
  ])('reads the given instant as $flagd.timestamp through %s, in whole seconds', (_how, now) => {
    const rule = { if: [{ '>=': [now, 1_000] }, 'on', 'off'] };
    expect(evaluate(rule, {}, 999_999)).toEqual({ kind: 'match', variant: 'off' });
    expect(evaluate(rule, {}, 1_000_000)).toEqual({ kind: 'match', variant: 'on' });
    expect(evaluate({ if: [{ '==': [now, 1_000] }, 'on'] }, {}, 1_000_999)).toEqual({ kind: 'match', variant: 'on' });
  });

  it('reads other paths of the context as they are', () => {
    expect(evaluate({ if: [{ '==': [{ val: ['a', 'timestamp'] }, 1] }, 'on'] }, { a: { timestamp: 1 } })).toEqual({
      kind: 'match',
      variant: 'on',
    });
    expect(evaluate({ if: [{ '==': [{ var: ['none', 5] }, 5] }, 'on'] })).toEqual({ kind: 'match', variant: 'on' });
    expect(evaluate({ if: [{ in: [{ var: { cat: ['a', 'b'] } }, ['x']] }, 'on'] }, { ab: 'x' })).toEqual({
      kind: 'match',
      variant: 'on',
    });
  });

  it('lets a context pass for neither the instant nor the flag', () => {
    const context = { $ptt: { timestamp: 5 }, $flagd: { timestamp: 5, flagKey: 'other' } };
    expect(evaluate({ if: [{ '==': [{ var: '$flagd.timestamp' }, 5] }, 'on', 'off'] }, context)).toEqual({
      kind: 'match',
      variant: 'off',
    });
    expect(evaluate({ if: [{ '==': [{ var: '$flagd.flagKey' }, 'other'] }, 'on', 'off'] }, context)).toEqual({
      kind: 'match',
      variant: 'off',
    });
  });

  it('evaluates a flag by its newest definition', () => {
    const targeting = new FlagdTargeting();
    const first = sampleFlag({ targeting: { if: [true, 'on'] }, version: 1 });
    const second = sampleFlag({ targeting: { if: [true, 'off'] }, version: 2 });
    expect(targeting.evaluate(first, {}, AT)).toEqual({ kind: 'match', variant: 'on' });
    expect(targeting.evaluate(second, {}, AT)).toEqual({ kind: 'match', variant: 'off' });
    expect(targeting.evaluate(first, {}, AT)).toEqual({ kind: 'match', variant: 'on' });
  });

  it('says nothing on the console, whatever the rule', () => {
    const ours = globalThis.console;
    const written = new PassThrough({ encoding: 'utf8' });
    globalThis.console = new Console({ stdout: written, stderr: written });
    try {
      evaluate({ nope: [1] });
      evaluate({ fractional: 'x' }, { targetingKey: 'u' });
      evaluate({ if: [{ sem_ver: ['x'] }, 'on'] }, { $flagd: 1 });
      expect(written.read()).toBeNull();
    } finally {
      globalThis.console = ours;
    }
  });
});

describe('a prepared rule', () => {
  const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
  const names = ['on', 'off', 'gone'];

  /** Rules as people write them: results are names, nothing, or more rules. */
  const { rule } = letrec<{ rule: JsonObject; result: JsonValue }>((tie) => ({
    result: oneof(
      { maxDepth: 4, depthSize: 'small' },
      constantFrom<JsonValue>(...names, null, { var: 'name' }),
      tie('rule'),
    ),
    rule: oneof(
      { maxDepth: 4 },
      tuple(constantFrom<JsonValue>(true, false, { var: 'yes' }), tie('result'), tie('result')).map((operands) => ({
        if: operands,
      })),
      tuple(tuple(tie('result'), constantFrom(1, 2)), tuple(tie('result'), constantFrom(1, 3))).map((buckets) => ({
        fractional: buckets,
      })),
    ),
  }));
  const contexts = tuple(string(), constantFrom(...names, 'on'), constantFrom(true, false)).map(
    ([targetingKey, name, yes]) => ({ targetingKey, name, yes }),
  );

  it('picks what flagd itself picks', () => {
    const variants = { on: true, off: false };
    assert(
      property(rule, contexts, (targeting, context) => {
        const storage = new MemoryStorage(SILENT, { disableDynamicCodeGeneration: true });
        const definition = { state: 'ENABLED', defaultVariant: 'off', variants, targeting };
        storage.setConfigurations(JSON.stringify({ flags: { 'ff.sample': definition } }));
        const plain = storage.getFlag('ff.sample')?.evaluate(context);
        const answer = evaluate(targeting, context);
        const expected = new Map([
          ['TARGETING_MATCH', plain?.variant],
          ['ERROR', 'error'],
          ['DEFAULT', 'default'],
        ]);
        expect('variant' in answer ? answer.variant : answer.kind).toBe(expected.get(plain?.reason ?? ''));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the rule and the context', () => {
    const json = jsonValue().map((value) => parseJson(JSON.stringify(value)));
    const operator = constantFrom('if', 'fractional', 'var', 'val', '==', 'in', 'cat', 'sem_ver', 'x');
    assert(
      property(dictionary(operator, json, { maxKeys: 2 }), json, (targeting, value) => {
        expect(['match', 'split', 'default', 'error']).toContain(evaluate(targeting, { value }).kind);
      }),
    );
  });

  it('leaves a rule without split and time as it was', () => {
    const plain = { if: [{ in: [{ var: 'a' }, ['x', 1, null]] }, 'on', { if: [] }] };
    expect(preparedRule(plain)).toEqual(plain);
    expect(preparedRule({ if: ['on'] })).toEqual({ if: ['on'] });
    expect(preparedRule({ fractional: 'x' })).toEqual({ fractional: 'x' });
  });

  it('knows a mark from a name', () => {
    expect(variantOfSplit('on')).toBeNull();
  });
});
