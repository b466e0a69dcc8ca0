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
  /** The first of them that is worth looking at: of a thread that died nothing is known, and it may die of it again. */
  readonly firstFailed: Failed | null;
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
  /** Where outcomes are kept, so that a run can be interrupted. */
  readonly store?: OutcomeStore;
}

/** What came of a run, and its place among those that are to be made. */
export interface KeptOutcome {
  readonly place: number;
  readonly timed: Timed;
  /** Real milliseconds that were spent until then, those of earlier parts included. */
  readonly wallMs: number;
}

/** Outcomes of one simulation, those of its earlier parts too. */
export abstract class OutcomeStore {
  /** By place, as it was opened. */
  abstract readonly outcomes: ReadonlyMap<number, Timed>;
  /** What was spent on them, in real milliseconds. */
  abstract readonly wallMs: number;
  abstract add(kept: KeptOutcome): void;
}

/** What is run: the kept seeds, those that are asked for, and some of these once more. */
export function jobsOf({ first, count, setting, kept }: Simulated): readonly SeedSpec[] {
  const specs = Array.from({ length: count }, (_, index): SeedSpec => ({
    ...setting,
    seed: first + index,
    plan: null,
  }));
  // What plants a bug is looked for until it is found, and what is timed is run once.
  const isOnce = setting.bug !== null || setting.mode === 'perf';
  const twice = isOnce ? [] : specs.filter((_, at) => at % TWICE_EVERY === TWICE_EVERY - 1);
  return [...kept.map(({ kept: { spec } }) => spec), ...specs, ...twice];
}

/** Runs the seeds, those that are kept, and some of them twice; and judges all of it. */
export async function simulate(asked: Simulated, ports: SimulationPorts): Promise<Simulation> {
  const { count, setting, kept } = asked;
  const jobs = jobsOf(asked);
  const specs = jobs.slice(kept.length, kept.length + count);
  const twice = jobs.slice(kept.length + count);
  const { timed, wallMs } = await runAll(jobs, asked, ports);
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
    firstFailed: failed.find(({ outcome }) => hasEnded(outcome)) ?? null,
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
  { setting, kept }: Simulated,
  ports: SimulationPorts,
): Promise<{ readonly timed: readonly Timed[]; readonly wallMs: number }> {
  const { runner, clock, store } = ports;
  const begunAt = clock.monotonicMs();
  const wallMs = (): number => (store?.wallMs ?? 0) + clock.monotonicMs() - begunAt;
  const all = new Map(store?.outcomes);
  const due = [...jobs.entries()].filter(([place]) => !all.has(place));
  const tell = progressOf(jobs.length, [...all.values()], ports);
  const placeOf = (index: number): number => {
    const [place] = due[index] ?? [];
    invariant(place !== undefined, 'what ended was due');
    return place;
  };
  const ran = await runner.run(
    due.map(([, spec]) => spec),
    {
      done: (timed, index) => {
        if (hasEnded(timed.outcome)) {
          const place = placeOf(index);
          // Of those that passed only the first is looked at, and a plan takes most of the room.
          const isShown = place === kept.length || timed.outcome.failure !== null;
          const outcome = isShown ? timed.outcome : { ...timed.outcome, plan: [] };
          store?.add({ place, timed: { ...timed, outcome }, wallMs: wallMs() });
        }
        tell(timed);
      },
      ...(setting.bug !== null ? { isEnough: ({ failure }: SeedOutcome) => failure !== null } : {}),
    },
  );
  for (const [index, timed] of ran.entries()) all.set(placeOf(index), timed);
  const timed = [...all].toSorted(([one], [other]) => one - other).map(([, one]) => one);
  return { timed, wallMs: wallMs() };
}

/** Not where its thread died: then it is not known whether it was the seed's fault, and what it would have come to. */
function hasEnded({ hash }: SeedOutcome): boolean {
  return hash !== '';
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

function progressOf(
  total: number,
  earlier: readonly Timed[],
  { clock, progress }: SimulationPorts,
): (timed: Timed) => void {
  const begunAt = clock.monotonicMs();
  const say = sometimes(clock, progress);
  let ended = earlier.length;
  let failed = earlier.filter(({ outcome }) => outcome.failure !== null).length;
  if (ended > 0) progress(`${ended} of ${total} runs were made earlier, ${failed} failed`);
  return ({ outcome }) => {
    ended += 1;
    if (outcome.failure !== null) {
      failed += 1;
      progress(`seed ${outcome.seed} failed: ${outcome.failure.invariant}`);
    }
    if (ended === total) return;
    say(() => {
      const leftMs = ((clock.monotonicMs() - begunAt) / (ended - earlier.length)) * (total - ended);
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
