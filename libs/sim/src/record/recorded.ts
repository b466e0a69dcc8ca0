import { type Bug, BUGS } from '../bugs/index.ts';
import { type SeedOutcome, simulateSeed } from '../many/outcome.ts';
import type { SeedSpec } from '../many/spec.ts';
import { type Named, Recorder, type Window } from './recorder.ts';
import { EVERYTHING, Timeline } from '../report/timeline.ts';
import type { Trace } from '../report/trace.ts';
import { timeOf, wordsOf } from '../report/words.ts';

/** So much of a run is shown of what is not asked for whole. */
const SHOWN_MS = 20_000;
/** So much of it is printed. */
const SHORT = 60;

/** What is run again to be shown, and what of it. */
export interface Shown {
  readonly spec: SeedSpec;
  readonly window: Window;
}

/** The end of a run that failed; the beginning of one that passed, which is run no further. */
export function shownOf(spec: SeedSpec, { failure, plan }: SeedOutcome): Shown {
  if (failure !== null) return { spec, window: { from: Math.max(0, failure.at - SHOWN_MS), until: failure.at } };
  const begun = plan.filter(({ at }) => at <= SHOWN_MS);
  // What it came to is known. So short a world may not have its share of changes.
  return { spec: { ...spec, plan: begun, forMs: SHOWN_MS, mode: 'perf' }, window: { from: 0, until: SHOWN_MS } };
}

/** All of a run. */
export function wholeOf(spec: SeedSpec): Shown {
  return { spec, window: { from: 0, until: Infinity } };
}

/** Runs a seed once more, looking on. */
export async function recorded(
  { spec, window }: Shown,
  named: Named,
  bank: readonly Bug[] = BUGS,
): Promise<{ readonly trace: Trace; readonly outcome: SeedOutcome }> {
  const recorders: Recorder[] = [];
  const outcome = await simulateSeed(spec, (world) => void recorders.push(new Recorder(world, window)), bank);
  const [recorder] = recorders;
  if (recorder === undefined) throw new Error('a run shows its world');
  return { trace: recorder.trace(named, outcome.failure, outcome.simulatedMs), outcome };
}

/** A line for each thing that happened, the failure last; of a long one only its end. */
export function linesOf(trace: Trace, length: 'short' | 'full'): readonly string[] {
  const lines = new Timeline(trace).happenings(EVERYTHING).map((it) => `${timeOf(it.at).padStart(10)}  ${wordsOf(it)}`);
  return length === 'full' ? lines : lines.slice(-SHORT);
}
