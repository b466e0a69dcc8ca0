import { unreachable } from '#libs/kernel';
import { type Bug, BUGS } from '../bugs/index.ts';
import type { Violation } from '../checkers/index.ts';
import { run, type RunOptions, type RunResult } from '../run/run.ts';
import { LIVENESS, type Mode, type SeedSpec } from './spec.ts';

export type Counts = Readonly<Record<string, number>>;

/** What came of one seed: plain data, the same in every run of the seed and commit. */
export interface SeedOutcome extends Omit<RunResult, 'checks' | 'exception' | 'felt' | 'sometimes' | 'violation'> {
  /** By kind of fault, how often it changed an outcome. */
  readonly felt: Counts;
  readonly checks: Counts;
  readonly sometimes: Counts;
  readonly failure: Failure | null;
}

export const FAILURES = ['exception', 'liveness', 'safety'] as const;

export interface Failure extends Violation {
  readonly kind: (typeof FAILURES)[number];
}

/** Runs one seed, with its bug planted while it lasts. */
export async function simulateSeed(
  spec: SeedSpec,
  observe?: RunOptions['observe'],
  bank: readonly Bug[] = BUGS,
): Promise<SeedOutcome> {
  const bug = bank.find(({ id }) => id === spec.bug);
  const judged = judgedIn(spec.mode);
  return outcomeOf(
    await run({
      seed: spec.seed,
      replicas: spec.replicas,
      faults: spec.faults,
      forMs: spec.forMs,
      ...(spec.plan === null ? {} : { plan: spec.plan }),
      ...(judged === null ? {} : { judged }),
      ...(observe === undefined ? {} : { observe }),
      ...(bug === undefined ? {} : { bug }),
    }),
  );
}

/** The promises whose breach ends a run; null: all of them. */
function judgedIn(mode: Mode): readonly string[] | null {
  switch (mode) {
    case 'safety':
      return null;
    case 'liveness':
      return LIVENESS;
    case 'perf':
      return [];
    default:
      return unreachable(mode);
  }
}

function outcomeOf(result: RunResult): SeedOutcome {
  return {
    seed: result.seed,
    hash: result.hash,
    events: result.events,
    simulatedMs: result.simulatedMs,
    commits: result.commits,
    plan: result.plan,
    felt: Object.fromEntries(result.felt),
    checks: Object.fromEntries(result.checks),
    sometimes: Object.fromEntries(result.sometimes),
    failure: failureOf(result),
  };
}

function failureOf({ violation, exception }: RunResult): Failure | null {
  if (exception !== null) return exceptionFailure(exception.error, exception.at);
  if (violation === null) return null;
  return { kind: LIVENESS.includes(violation.invariant) ? 'liveness' : 'safety', ...violation };
}

/** Something that nobody expected, as a failure like any other. */
export function exceptionFailure(error: unknown, at: number): Failure {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'exception', invariant: 'exception', at, replica: null, key: null, detail };
}

/** Whether two failures are of one kind: a smaller plan has to show the same one, of another version perhaps. */
export function isSameFailure(one: Failure | null, other: Failure | null): boolean {
  if (one === null || other === null || one.invariant !== other.invariant) return false;
  return wordsOf(one) === wordsOf(other);
}

/** What is said of it, without documents, numbers, and names that have one in them. */
function wordsOf({ detail }: Failure): string {
  return firstLine(detail)
    .replaceAll(/\{.*\}/g, '{}')
    .replaceAll(/\S*\d\S*/g, '0');
}

/** One line, for a person and for a search. */
export function failureLine({ seed, failure }: SeedOutcome, commit: string, command: string): string {
  if (failure === null) return `seed ${seed} passed`;
  const { kind, invariant, at, replica, key, detail } = failure;
  return [
    kind === 'exception' ? 'exception' : `${invariant} violated (${kind})`,
    `seed ${seed}`,
    `commit ${commit}`,
    `at ${(at / 1_000).toFixed(3)} s`,
    `replica ${replica ?? '-'}`,
    `key ${key ?? '-'}`,
    firstLine(detail),
    `again: ${command}`,
  ].join('; ');
}

function firstLine(text: string): string {
  return text.split('\n', 1).join('');
}
