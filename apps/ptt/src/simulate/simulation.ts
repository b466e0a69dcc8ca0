import { type Clock, invariant } from '#libs/kernel';
import {
  type Difference,
  differenceOf,
  isSameFailure,
  judge,
  type Judgement,
  type KeptSeed,
  type Pace,
  type SeedOutcome,
  type SeedSpec,
  type Setting,
  shrink,
  type Shrunk,
  type Totals,
  totalsOf,
  unreachedIn,
} from '#libs/sim';
import type { EarlierOutcomes } from './outcome-file.ts';
import type { SeedRunner, Timed } from './seed-workers.ts';

/** Of many seeds every so-manieth is run twice. */
const TWICE_EVERY = 20;
/** So many runs may be spent on finding the faults that matter. */
const SHRINK_RUNS = 200;
const PROGRESS_MS = 10_000;

export interface Simulated {
  readonly first: number;
  readonly count: number;
  readonly setting: Setting;
  readonly kept: readonly { readonly file: string; readonly kept: KeptSeed }[];
}

/** A seed that failed, and how to have it again. */
export interface Failed {
  readonly spec: SeedSpec;
  readonly outcome: SeedOutcome;
  /** The file that keeps it, where one does. */
  readonly file: string | null;
}

export interface Simulation {
  readonly totals: Totals;
  readonly pace: Pace;
  readonly failed: readonly Failed[];
  /** The first seed that was asked for. */
  readonly first: Omit<Failed, 'file'>;
  readonly keptCount: number;
  readonly twiceCount: number;
  readonly differences: readonly Difference[];
  readonly judgement: Judgement;
}

export interface SimulationPorts {
  readonly runner: SeedRunner;
  readonly clock: Clock;
  /** Told how far it is, from time to time. */
  readonly progress: (line: string) => void;
  /** What an interrupted run of the same came to by then, where there was one. */
  readonly earlier?: EarlierOutcomes;
}

/** Runs the seeds, those that are kept, and some of them twice; and judges all of it. */
export async function simulate(asked: Simulated, ports: SimulationPorts): Promise<Simulation> {
  const { first, count, setting, kept } = asked;
  const specs = Array.from({ length: count }, (_, index): SeedSpec => ({
    ...setting,
    seed: first + index,
    plan: null,
  }));
  // What plants a bug is looked for until it is found, and what is timed is run once.
  const isSearch = setting.bug !== null;
  const twice =
    isSearch || setting.mode === 'perf' ? [] : specs.filter((_, at) => at % TWICE_EVERY === TWICE_EVERY - 1);
  const jobs = [...kept.map(({ kept: { spec } }) => spec), ...specs, ...twice];
  const { timed, wallMs } = await runAll(jobs, isSearch, ports);
  const all = timed.map(({ outcome }) => outcome);
  const outcomes = all.slice(kept.length, kept.length + count);
  const differences = all
    .slice(kept.length + count)
    .flatMap((again) => outcomes.filter(({ seed }) => seed === again.seed).map((one) => differenceOf(one, again)))
    .filter((difference) => difference !== null);
  const failed = all.slice(0, kept.length + count).flatMap((outcome, at): readonly Failed[] => {
    const spec = jobs[at];
    if (outcome.failure === null || spec === undefined) return [];
    return [{ spec, outcome, file: kept[at]?.file ?? null }];
  });
  const totals = totalsOf(outcomes);
  const judgement = judge(
    failed.map(({ outcome }) => outcome),
    differences,
    unreachedIn(totals, setting),
  );
  const pace = { ...paceOf(timed), wallMs, cores: Math.min(ports.runner.cores, jobs.length) };
  const [firstSpec] = specs;
  const [firstOutcome] = outcomes;
  invariant(firstSpec !== undefined && firstOutcome !== undefined, 'at least one seed is asked for');
  const begun = { spec: firstSpec, outcome: firstOutcome };
  return {
    totals,
    pace,
    failed,
    first: begun,
    keptCount: kept.length,
    twiceCount: twice.length,
    differences,
    judgement,
  };
}

/** Runs what was not run earlier. */
async function runAll(
  jobs: readonly SeedSpec[],
  isSearch: boolean,
  ports: SimulationPorts,
): Promise<{ readonly timed: readonly Timed[]; readonly wallMs: number }> {
  const { runner, clock, earlier } = ports;
  const begunAt = clock.monotonicMs();
  const wallMs = (): number => (earlier?.wallMs ?? 0) + clock.monotonicMs() - begunAt;
  const known = earlier?.outcomes ?? new Map<number, Timed>();
  const due = jobs.flatMap((spec, place) => (known.has(place) ? [] : [{ spec, place }]));
  const tell = progressOf(due.length, ports);
  const ran = await runner.run(
    due.map(({ spec }) => spec),
    {
      done: (timed, index) => {
        earlier?.add(due[index]?.place ?? index, timed, wallMs());
        tell(timed);
      },
      ...(isSearch ? { isEnough: ({ failure }: SeedOutcome) => failure !== null } : {}),
    },
  );
  const all = new Map(known);
  for (const [index, timed] of ran.entries()) all.set(due[index]?.place ?? index, timed);
  return { timed: jobs.map((_, place) => all.get(place)).filter((timed) => timed !== undefined), wallMs: wallMs() };
}

/** The faults without which this failure would not be. What comes after it cannot matter. */
export async function shrinkPlan(
  { spec, outcome }: Failed,
  { runner, clock, progress }: SimulationPorts,
): Promise<Shrunk<SeedOutcome['plan'][number]>> {
  const { failure, plan } = outcome;
  const before = plan.filter(({ at }) => failure !== null && at <= failure.at);
  const say = sometimes(clock, progress);
  progress(`Looking for those of ${before.length} faults that matter…`);
  return shrink(
    before,
    async (lists) => {
      const again = await runner.run(lists.map((list) => ({ ...spec, plan: list })));
      say(() => `${lists[0]?.length ?? 0} faults are left to try`);
      return again.map((one) => isSameFailure(one.outcome.failure, failure));
    },
    { mostRuns: SHRINK_RUNS, atOnce: runner.cores },
  );
}

function paceOf(timed: readonly Timed[]): Pick<Pace, 'simulatedMs' | 'events' | 'busyMs'> {
  const { simulatedMs, events } = totalsOf(timed.map(({ outcome }) => outcome));
  return { simulatedMs, events, busyMs: timed.reduce((total, { tookMs }) => total + tookMs, 0) };
}

function progressOf(total: number, { clock, progress }: SimulationPorts): (timed: Timed) => void {
  const begunAt = clock.monotonicMs();
  const say = sometimes(clock, progress);
  let ended = 0;
  let failed = 0;
  return ({ outcome }) => {
    ended += 1;
    if (outcome.failure !== null) {
      failed += 1;
      progress(`seed ${outcome.seed} failed: ${outcome.failure.invariant}`);
    }
    if (ended === total) return;
    say(() => {
      const leftMs = ((clock.monotonicMs() - begunAt) / ended) * (total - ended);
      return `${ended} of ${total} runs, ${failed} failed, about ${Math.ceil(leftMs / 1_000)} s to go`;
    });
  };
}

/** Says what there is to say no more often than a person wants to read. */
function sometimes(clock: Clock, progress: (line: string) => void): (line: () => string) => void {
  let saidAt = clock.monotonicMs();
  return (line) => {
    const now = clock.monotonicMs();
    if (now - saidAt < PROGRESS_MS) return;
    saidAt = now;
    progress(line());
  };
}
