import {
  commandOf,
  failureLine,
  type Fault,
  keptSeedText,
  paceLines,
  type Setting,
  type Shrunk,
  tableOf,
} from '#libs/sim';
import { table } from '../terminal.ts';
import type { Failed, Simulation } from './simulation.ts';

/** More failures than these say nothing new. */
const MOST_LINES = 20;

/** The first failure, and what is left of its faults. */
export interface Finding {
  readonly failed: Failed;
  readonly shrunk: Shrunk<Fault>;
}

/** What a person reads of it. */
export function wordsOf(simulation: Simulation, setting: Setting, commit: string, finding: Finding | null): string[] {
  const { totals, pace, failed, keptCount, twiceCount, differences, judgement } = simulation;
  if (setting.mode === 'perf') return [...failed.map((one) => lineOf(one, commit)), ...paceLines(pace)];
  const keptFailed = failed.filter(({ file }) => file !== null).length;
  return [
    tableOf(totals, setting, pace),
    '',
    ...(keptCount === 0 ? [] : [`${keptCount} kept seeds run again, ${keptFailed} failed`]),
    ...(twiceCount === 0 ? [] : [`${twiceCount} seeds run twice, ${differences.length} ended differently`]),
    ...failed.slice(0, MOST_LINES).map((one) => lineOf(one, commit)),
    ...(failed.length > MOST_LINES ? [`and ${failed.length - MOST_LINES} more`] : []),
    ...(finding === null ? [] : ['', ...planWords(finding)]),
    ...differences.map(({ seed, what }) => `not deterministic; seed ${seed}; commit ${commit}; ${what}`),
    ...judgement.unreached,
    judgement.exitCode === 0 ? 'passed' : `failed (${judgement.exitCode})`,
  ];
}

/** The same for a script; the counts are those of `wordsOf`. */
export function jsonOf(
  { totals, pace, failed, keptCount, twiceCount, differences, judgement }: Simulation,
  setting: Setting,
  commit: string,
  finding: Finding | null,
): Record<string, unknown> {
  const failedSeeds = failed.filter(({ file }) => file === null).length;
  return {
    commit,
    exit_code: judgement.exitCode,
    setting: { replicas: setting.replicas, faults: setting.faults, mode: setting.mode, bug: setting.bug },
    seeds: { passed: totals.seeds - failedSeeds, failed: failedSeeds },
    kept: { passed: keptCount - (failed.length - failedSeeds), failed: failed.length - failedSeeds },
    run_twice: twiceCount,
    pace,
    committed: totals.commits,
    fewest_committed: totals.fewestCommits,
    faults: totals.felt,
    checks: totals.checks,
    sometimes: totals.sometimes,
    failures: failed.map((one) => ({ ...one.outcome.failure, seed: one.spec.seed, file: one.file, again: again(one) })),
    not_deterministic: differences,
    unreached: judgement.unreached,
    ...(finding === null ? {} : { to_keep: toKeep(finding, commit) }),
  };
}

function lineOf(failed: Failed, commit: string): string {
  return failureLine(failed.outcome, commit, again(failed));
}

/** A plan of its own is run again with all that is kept; which one it was, the shell takes for a comment. */
function again({ spec, file }: Failed): string {
  return file === null || spec.plan === null ? commandOf(spec) : `npx ptt simulate --seeds 1 # ${file}`;
}

function planWords({ failed, shrunk: { items, runs, isWhole } }: Finding): string[] {
  const all = failed.outcome.plan.length;
  if (items.length === 0) return [`None of its ${all} faults is needed for that.`];
  const rows = items.map(({ kind, at, forMs, target, size }) => [
    kind,
    `${(at / 1_000).toFixed(3)} s`,
    `${(forMs / 1_000).toFixed(3)} s`,
    String(target),
    size.toFixed(3),
  ]);
  const doubt = isWhole ? '' : '; perhaps not all of them, the runs were used up';
  return [
    `Of ${all} faults ${items.length} matter (${runs} runs${doubt}):`,
    table(['FAULT', 'AT', 'LASTS', 'TARGET', 'SIZE'], rows),
  ];
}

/** Null where the file would say nothing: a kept seed is run with no bug, and every promise is judged. */
function toKeep({ failed: { spec, outcome }, shrunk }: Finding, commit: string): Record<string, unknown> | null {
  const { failure } = outcome;
  if (failure === null || spec.bug !== null || spec.mode !== 'safety') return null;
  return keptSeedText({ ...spec, plan: shrunk.items }, failure, commit);
}
