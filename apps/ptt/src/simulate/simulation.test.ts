import { describe, expect, it } from '@jest/globals';
import type { Fault, SeedOutcome, SeedSpec, Setting } from '#libs/sim';
import { failure, outcome, SETTING, SPEC } from '#libs/sim/testing';
import { ManualClock } from '#libs/platform/testing';
import { HereRunner } from '../testing/runners.ts';
import { type KeptOutcome, shrinkPlan, simulate } from './simulation.ts';

const portsOf = (runOne: (spec: SeedSpec) => SeedOutcome) => {
  const clock = new ManualClock();
  const said: string[] = [];
  const runner = new HereRunner(async (spec) => {
    await clock.advance(6_000);
    return runOne(spec);
  });
  return { runner, clock, said, progress: (line: string) => void said.push(line) };
};
const simulated = (count: number, setting: Partial<Setting> = {}) => ({
  first: 11,
  count,
  setting: { ...SETTING, ...setting },
  kept: [],
});
const passing = ({ seed }: SeedSpec) => outcome({ seed });

describe('many seeds', () => {
  it('are run one after another, and every twentieth twice', async () => {
    const ports = portsOf(passing);
    const { totals, judgement, twiceCount, pace } = await simulate(simulated(45), ports);
    expect(ports.runner.ran.map(({ seed }) => seed)).toEqual([...Array.from({ length: 45 }, (_, i) => 11 + i), 30, 50]);
    expect({ seeds: totals.seeds, exit: judgement.exitCode, twiceCount }).toEqual({
      seeds: 45,
      exit: 0,
      twiceCount: 2,
    });
    expect(pace).toEqual({ events: 47_000, simulatedMs: 47 * 60_000, busyMs: 47, wallMs: 47 * 6_000, cores: 1 });
  });

  it('tell on the way how far they are', async () => {
    const ports = portsOf(passing);
    await simulate(simulated(5), ports);
    expect(ports.said).toEqual(['2 of 5 runs, 0 failed, about 18 s to go', '4 of 5 runs, 0 failed, about 6 s to go']);
  });

  it('are not deterministic where one ends differently the second time', async () => {
    let runs = 0;
    const ports = portsOf(({ seed }) => outcome({ seed, events: seed === 30 ? (runs += 1) : 7 }));
    const { differences, judgement } = await simulate(simulated(40), ports);
    expect(differences).toEqual([{ seed: 30, what: 'events: 1, then 2' }]);
    expect(judgement.exitCode).toBe(130);
  });

  it('fail by each that fails, and lead back to it', async () => {
    const ports = portsOf(({ seed }) => outcome({ seed, failure: seed === 13 ? failure() : null }));
    const { failed, judgement, totals } = await simulate(simulated(4), ports);
    expect(failed).toEqual([expect.objectContaining({ spec: { ...SPEC, seed: 13 }, file: null })]);
    expect([judgement.exitCode, totals.failed]).toEqual([129, 1]);
    expect(ports.said).toContain('seed 13 failed: I2');
  });

  it('fail together where something never came in 200 of them', async () => {
    const blind = ({ seed }: SeedSpec) => outcome({ seed, checks: { I1: 1, I10: 0 } });
    const { judgement } = await simulate(simulated(200), portsOf(blind));
    expect(judgement).toEqual({ exitCode: 131, unreached: ['the checker of I10 never fired'] });
    expect((await simulate(simulated(199), portsOf(blind))).judgement.exitCode).toBe(0);
  });

  it('end with the first failure where a planted bug is looked for', async () => {
    const ports = portsOf(({ seed }) => outcome({ seed, failure: seed >= 13 ? failure() : null }));
    const { failed, totals } = await simulate(simulated(200, { bug: 'b' }), ports);
    expect([failed.map(({ spec }) => spec.seed), totals.seeds]).toEqual([[13], 3]);
  });

  it('are run together with the kept ones, which count apart', async () => {
    const ports = portsOf(({ seed }) => outcome({ seed, failure: seed === 4 ? failure() : null }));
    const kept = { spec: { ...SPEC, seed: 4 }, invariant: 'I2', found: 'x', what: 'y' };
    const asked = { ...simulated(2), kept: [{ file: 'fixtures/seeds/4.json', kept }] };
    const { failed, keptCount, totals, judgement } = await simulate(asked, ports);
    expect(failed).toEqual([expect.objectContaining({ file: 'fixtures/seeds/4.json' })]);
    expect([keptCount, totals.seeds, totals.failed, judgement.exitCode]).toEqual([1, 2, 0, 129]);
  });

  it('that were run earlier are not run again, and count all the same', async () => {
    const earlierOf = (seed: number) => ({
      outcome: outcome({ seed, failure: seed === 12 ? failure() : null }),
      tookMs: 10,
    });
    const kept: KeptOutcome[] = [];
    const store = {
      outcomes: new Map([1, 3, 20].map((place) => [place, earlierOf(place === 20 ? 30 : 11 + place)])),
      wallMs: 500,
      add: (one: KeptOutcome) => void kept.push(one),
    };
    const ports = portsOf(passing);
    const { totals, pace, failed, twiceCount, first } = await simulate(simulated(20), { ...ports, store });
    expect(ports.runner.ran).toHaveLength(18);
    expect(kept.slice(0, 3).map(({ place, timed, wallMs }) => [place, timed.outcome.seed, wallMs])).toEqual([
      [0, 11, 6_500],
      [2, 13, 12_500],
      [4, 15, 18_500],
    ]);
    expect([totals.seeds, twiceCount, first.outcome.seed]).toEqual([20, 1, 11]);
    expect(failed.map(({ spec }) => spec.seed)).toEqual([12]);
    expect(pace).toMatchObject({ busyMs: 18 + 3 * 10, wallMs: 500 + 18 * 6_000, events: 21_000 });
    expect(ports.said.at(0)).toBe('3 of 21 runs were made earlier, 1 failed');
    expect(ports.said.at(-1)).toBe('19 of 21 runs, 1 failed, about 12 s to go');
  });

  it('are judged again where all of them were run earlier', async () => {
    const outcomes = new Map([0, 1].map((place) => [place, { outcome: outcome({ seed: 11 + place }), tookMs: 10 }]));
    const ports = portsOf(passing);
    const store = { outcomes, wallMs: 500, add: () => undefined };
    const { totals, pace, judgement } = await simulate(simulated(2), { ...ports, store });
    expect([ports.runner.ran, totals.seeds, pace.wallMs, judgement.exitCode]).toEqual([[], 2, 500, 0]);
  });

  it('are kept with the plan of the first and of those that failed, and not at all where a thread died', async () => {
    const plan = [{ kind: 'bus-cut', at: 1, forMs: 1, target: 0, size: 0 }] as const;
    const died = { failure: failure({ kind: 'exception' }), hash: '' };
    const ports = portsOf(({ seed }) => {
      return outcome({ seed, plan, ...(seed === 13 ? { failure: failure() } : seed === 14 ? died : {}) });
    });
    const kept: (readonly [number, number])[] = [];
    const add = ({ place, timed }: KeptOutcome) => void kept.push([place, timed.outcome.plan.length]);
    const store = { outcomes: new Map(), wallMs: 0, add };
    const { failed, firstFailed } = await simulate(simulated(4), { ...ports, store });
    expect(kept).toEqual([
      [0, 1],
      [1, 0],
      [2, 1],
    ]);
    expect(failed.map(({ spec }) => spec.seed)).toEqual([13, 14]);
    expect(firstFailed).toBe(failed[0]);
  });

  it('are looked at from the first that failed and ended, and none where all threads died', async () => {
    const ports = portsOf(({ seed }) =>
      outcome({ seed, failure: seed > 12 ? failure() : null, hash: seed === 13 ? '' : 'aa' }),
    );
    expect((await simulate(simulated(4), ports)).firstFailed?.spec.seed).toBe(14);
    expect((await simulate(simulated(3), ports)).firstFailed).toBeNull();
  });

  it('are run once where only the pace is asked for', async () => {
    const ports = portsOf(passing);
    await simulate(simulated(40, { mode: 'perf' }), ports);
    expect(ports.runner.ran).toHaveLength(40);
  });
});

describe('the faults of a failed run', () => {
  const at = (ms: number): Fault => ({ kind: 'bus-cut', at: ms, forMs: 1, target: 0, size: 0 });

  it('are shrunk to those without which it would not fail the same way', async () => {
    const plan = Array.from({ length: 30 }, (_, index) => at(index * 1_000));
    const needed = new Set([2_000, 11_000]);
    const ports = portsOf((spec) => {
      const there = (spec.plan ?? []).filter((fault) => needed.has(fault.at)).length;
      // With one of the two only it fails too, but of something else.
      const failures = [null, failure({ invariant: 'I3' }), failure()];
      return outcome({ failure: failures[there] ?? null });
    });
    const failed = { spec: SPEC, outcome: outcome({ plan, failure: failure({ at: 12_000 }) }), file: null };
    const { items, isWhole } = await shrinkPlan(failed, ports);
    expect([items, isWhole]).toEqual([[at(2_000), at(11_000)], true]);
    expect(ports.runner.ran.every((spec) => (spec.plan ?? []).every((fault) => fault.at <= 12_000))).toBe(true);
  });
});
