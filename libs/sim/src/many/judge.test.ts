import { describe, expect, it } from '@jest/globals';
import { FAULT_KINDS } from '../faults/kinds.ts';
import { failure, outcome, SPEC } from '../testing/index.ts';
import { differenceOf, judge, unreachedIn } from './judge.ts';
import type { Totals } from './totals.ts';

const totals = (changes: Partial<Totals>): Totals => ({
  seeds: 200,
  failed: 0,
  simulatedMs: 1,
  events: 1,
  commits: 1,
  fewestCommits: 1,
  felt: {},
  checks: { I1: 1, I10: 1 },
  sometimes: { 'a lease was taken over': 1 },
  ...changes,
});

describe('the judgement over many seeds', () => {
  const exitOf = (...kinds: readonly ('exception' | 'liveness' | 'safety')[]): number =>
    judge([outcome(), ...kinds.map((kind) => outcome({ failure: failure({ kind }) }))], [], []).exitCode;

  it('ends by the worst of what was found', () => {
    expect([exitOf(), exitOf('liveness'), exitOf('liveness', 'safety'), exitOf('safety', 'exception')]).toEqual([
      0, 128, 129, 127,
    ]);
    const difference = { seed: 20, what: 'its hash' };
    expect(judge([outcome()], [difference], ['never reached: x']).exitCode).toBe(130);
    expect(judge([outcome()], [], ['never reached: x']).exitCode).toBe(131);
  });

  it('demands of 200 seeds of standard size that every checker fired and every situation came', () => {
    const lacking = totals({ checks: { I1: 5, I10: 0 }, sometimes: { 'a lease was taken over': 0 } });
    expect(unreachedIn(lacking, SPEC)).toEqual([
      'the checker of I10 never fired',
      'never reached: a lease was taken over',
    ]);
    expect(unreachedIn(totals({}), SPEC)).toEqual([]);
  });

  it('demands of 500 that each class of faults changed 100 outcomes', () => {
    const felt = { ...Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 100])), 'ff-crash': 99 };
    expect(unreachedIn(totals({ seeds: 499, felt }), SPEC)).toEqual([]);
    expect(unreachedIn(totals({ seeds: 500, felt }), SPEC)).toEqual([
      'ff-crash changed 99 outcomes, and should have changed 100 at least',
    ]);
    expect(unreachedIn(totals({ seeds: 500 }), SPEC)).toHaveLength(FAULT_KINDS.length);
  });

  it.each([
    ['fewer seeds', { seeds: 199 }, {}],
    ['fewer replicas', {}, { replicas: 1 }],
    ['a shorter time', {}, { forMs: 60_000 }],
    ['faults of choice', {}, { faults: ['bus-cut' as const] }],
    ['another mode', {}, { mode: 'liveness' as const }],
    ['a planted bug', {}, { bug: 'b' }],
  ])('demands nothing of %s', (_what, size, setting) => {
    const lacking = totals({ checks: { I1: 0 }, ...size });
    expect(unreachedIn(lacking, { ...SPEC, ...setting })).toEqual([]);
  });
});

describe('two runs of one seed', () => {
  it('are the same whatever an exception says of files', () => {
    const thrown = (detail: string) => outcome({ failure: failure({ kind: 'exception', detail }) });
    expect(differenceOf(outcome(), outcome())).toBeNull();
    expect(differenceOf(thrown('Error: x\n  at a.ts:1'), thrown('Error: x\n  at /b/a.js:7'))).toBeNull();
  });

  it('differ by their hash, or by anything that was counted', () => {
    expect(differenceOf(outcome(), outcome({ hash: '00000000000000bb' }))).toEqual({
      seed: 1,
      what: 'its hash was 00000000000000aa, then 00000000000000bb',
    });
    expect(differenceOf(outcome(), outcome({ checks: { I1: 11, I5: 2 } }))?.what).toBe(
      'checks: {"I1":10,"I5":2}, then {"I1":11,"I5":2}',
    );
    expect(differenceOf(outcome(), outcome({ failure: failure() }))?.what).toMatch(/^failure: null, then/);
  });
});
