import { describe, expect, it } from '@jest/globals';
import { parseKeptSeed, totalsOf } from '#libs/sim';
import { failure, outcome, SPEC } from '#libs/sim/testing';
import type { Failed, Simulation } from './simulation.ts';
import { jsonOf, wordsOf } from './told.ts';

const plan = [{ kind: 'bus-cut', at: 1_500, forMs: 250, target: 1, size: 0.25 }] as const;
const failed: Failed = {
  spec: { ...SPEC, seed: 2 },
  outcome: outcome({ seed: 2, plan: [...plan, ...plan], failure: failure() }),
  file: null,
};
const simulation = (changes: Partial<Simulation> = {}): Simulation => ({
  totals: totalsOf([outcome()]),
  pace: { simulatedMs: 60_000, events: 1_000, wallMs: 500, cores: 2, busyMs: 1_000 },
  failed: [],
  firstFailed: null,
  first: { spec: SPEC, outcome: outcome() },
  keptCount: 0,
  twiceCount: 0,
  differences: [],
  judgement: { exitCode: 0, unreached: [] },
  ...changes,
});
const failing = simulation({ failed: [failed], judgement: { exitCode: 129, unreached: [] } });
const finding = { failed, shrunk: { items: plan, runs: 9, isWhole: true } };

describe('what is said of a simulation', () => {
  it('ends with whether it passed', () => {
    expect(wordsOf(simulation(), SPEC, 'a1b2c3d', null).at(-1)).toBe('passed');
    expect(wordsOf(failing, SPEC, 'a1b2c3d', null).at(-1)).toBe('failed (129)');
  });

  it('has a line for each failure, and the faults that matter of the first', () => {
    const lines = wordsOf(failing, SPEC, 'a1b2c3d', finding).join('\n').split('\n');
    expect(lines).toContainEqual(
      expect.stringMatching(/^I2 violated \(safety\); seed 2; commit a1b2c3d; at 12\.346 s; /),
    );
    expect(lines).toContain('Of 2 faults 1 matter (9 runs):');
    expect(lines).toContainEqual(expect.stringMatching(/^bus-cut +1\.500 s +0\.250 s +1 +0\.250$/));
  });

  it('says where runs were used up, and where no fault is needed', () => {
    const wordsWith = (shrunk: typeof finding.shrunk) => wordsOf(failing, SPEC, '-', { failed, shrunk }).join('\n');
    expect(wordsWith({ ...finding.shrunk, isWhole: false })).toContain('perhaps not all of them');
    expect(wordsOf(failing, SPEC, '-', { failed, shrunk: { items: [], runs: 1, isWhole: true } }).join('\n')).toContain(
      'None of its 2 faults is needed for that.',
    );
  });

  it('names what was not deterministic, what never came, and what is kept', () => {
    const lines = wordsOf(
      simulation({
        differences: [{ seed: 20, what: 'its hash was a, then b' }],
        judgement: { exitCode: 130, unreached: ['the checker of I10 never fired'] },
        keptCount: 3,
        twiceCount: 10,
      }),
      SPEC,
      'a1b2c3d',
      null,
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        '3 kept seeds run again, 0 failed',
        '10 seeds run twice, 1 ended differently',
        'not deterministic; seed 20; commit a1b2c3d; its hash was a, then b',
        'the checker of I10 never fired',
      ]),
    );
  });

  it('is cut off after twenty failures', () => {
    const lines = wordsOf(simulation({ failed: Array.from({ length: 23 }, () => failed) }), SPEC, '-', null);
    expect(lines).toContain('and 3 more');
  });

  it('is the pace alone where only that was asked for', () => {
    expect(wordsOf(simulation(), { ...SPEC, mode: 'perf' }, '-', null)).toEqual([
      'simulated  0.02 hours in 0.5 s on 2 cores',
      'events     1,000: 2,000 a second, 1,000 a second and core',
    ]);
  });
});

describe('the same for a script', () => {
  it('counts seeds and kept ones apart', () => {
    const both = { ...failing, totals: totalsOf([outcome(), failed.outcome]), keptCount: 1 };
    expect(jsonOf(both, SPEC, 'a1b2c3d', null)).toMatchObject({
      commit: 'a1b2c3d',
      exit_code: 129,
      seeds: { passed: 1, failed: 1 },
      kept: { passed: 1, failed: 0 },
      failures: [{ seed: 2, invariant: 'I2', again: 'npx ptt simulate --seed 2' }],
    });
    const kept = { ...failed, file: 'fixtures/seeds/2.json', spec: { ...failed.spec, plan } };
    expect(jsonOf({ ...failing, failed: [kept], keptCount: 1 }, SPEC, '-', null)).toMatchObject({
      seeds: { passed: 1, failed: 0 },
      kept: { passed: 0, failed: 1 },
      failures: [{ again: 'npx ptt simulate --seeds 1 # fixtures/seeds/2.json' }],
    });
  });

  it('has the file that keeps the first failure', () => {
    const { to_keep: text } = jsonOf(failing, SPEC, 'a1b2c3d', finding);
    expect(parseKeptSeed(JSON.stringify(text), 'x')).toMatchObject({ spec: { seed: 2, plan }, found: 'a1b2c3d' });
  });

  it.each([{ bug: 'no-fence' }, { mode: 'liveness' } as const])(
    'has none of a run that nobody would have again: %j',
    (other) => {
      const found = { ...finding, failed: { ...failed, spec: { ...failed.spec, ...other } } };
      expect(jsonOf(failing, SPEC, '-', found)['to_keep']).toBeNull();
    },
  );
});
