import { writeFileSync } from 'node:fs';
import { commandOf, linesOf, recorded, reportPage, type SeedOutcome, type SeedSpec, shownOf, wholeOf } from '#libs/sim';

/** A run that somebody wants to see. */
export interface LookedAt {
  readonly spec: SeedSpec;
  readonly outcome: SeedOutcome;
  readonly commit: string;
}

/** What happened, a line each; it is run once more for that. */
export async function traceLines(
  { spec, outcome, commit }: LookedAt,
  length: 'short' | 'full',
): Promise<readonly string[]> {
  const shown = length === 'full' ? wholeOf(spec) : shownOf(spec, outcome);
  const { trace } = await recorded(shown, { seed: spec.seed, commit, command: commandOf(spec) });
  return linesOf(trace, length);
}

/** The page that replays it. */
export async function writeReport({ spec, outcome, commit }: LookedAt, path: string): Promise<void> {
  const named = { seed: spec.seed, commit, command: commandOf(spec) };
  const { trace } = await recorded(shownOf(spec, outcome), named);
  writeFileSync(path, reportPage(trace));
}
