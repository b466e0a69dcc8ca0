import type { Counts, SeedOutcome } from './outcome.ts';

/** What many seeds come to together. */
export interface Totals {
  readonly seeds: number;
  readonly failed: number;
  readonly simulatedMs: number;
  readonly events: number;
  readonly commits: number;
  /** Of the seed that had the fewest, among those that passed: a run that fails ends early. */
  readonly fewestCommits: number | null;
  readonly felt: Counts;
  readonly checks: Counts;
  readonly sometimes: Counts;
}

export function totalsOf(outcomes: readonly SeedOutcome[]): Totals {
  const passed = outcomes.filter(({ failure }) => failure === null);
  return {
    seeds: outcomes.length,
    failed: outcomes.length - passed.length,
    simulatedMs: sum(outcomes.map(({ simulatedMs }) => simulatedMs)),
    events: sum(outcomes.map(({ events }) => events)),
    commits: sum(outcomes.map(({ commits }) => commits)),
    fewestCommits: passed.length === 0 ? null : Math.min(...passed.map(({ commits }) => commits)),
    felt: together(outcomes.map(({ felt }) => felt)),
    checks: together(outcomes.map(({ checks }) => checks)),
    sometimes: together(outcomes.map(({ sometimes }) => sometimes)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function together(all: readonly Counts[]): Counts {
  const totals: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + count;
  }
  return totals;
}
