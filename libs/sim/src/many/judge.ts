import { FAULT_KINDS } from '../faults/kinds.ts';
import type { Counts, SeedOutcome } from './outcome.ts';
import { type SeedSpec, STANDARD } from './spec.ts';
import type { Totals } from './totals.ts';

/** How a simulation ends; where several are true, the first of them in this order. */
export const SIMULATION_EXIT = {
  pass: 0,
  exception: 127,
  safety: 129,
  liveness: 128,
  notDeterministic: 130,
  unreached: 131,
} as const;

/** From so many seeds on, everything that can come has to have come. */
const MANY = 200;
/** From so many on, each class of faults has to have changed so many outcomes. */
const FAULTS_FROM = 500;
const FELT_AT_LEAST = 100;

/** A seed that gave two different outcomes. */
export interface Difference {
  readonly seed: number;
  readonly what: string;
}

export interface Judgement {
  readonly exitCode: (typeof SIMULATION_EXIT)[keyof typeof SIMULATION_EXIT];
  /** What many seeds should have come into and did not, a line each. */
  readonly unreached: readonly string[];
}

/** What was run, as far as every seed of it has it in common. */
export type Setting = Omit<SeedSpec, 'seed' | 'plan'>;

export function judge(
  outcomes: readonly SeedOutcome[],
  differences: readonly Difference[],
  unreached: readonly string[],
): Judgement {
  const has = (kind: string): boolean => outcomes.some(({ failure }) => failure?.kind === kind);
  const exitOf = (): Judgement['exitCode'] => {
    if (has('exception')) return SIMULATION_EXIT.exception;
    if (has('safety')) return SIMULATION_EXIT.safety;
    if (has('liveness')) return SIMULATION_EXIT.liveness;
    if (differences.length > 0) return SIMULATION_EXIT.notDeterministic;
    return unreached.length > 0 ? SIMULATION_EXIT.unreached : SIMULATION_EXIT.pass;
  };
  return { exitCode: exitOf(), unreached };
}

/** What never came, of a run that is large enough to demand it. */
export function unreachedIn(totals: Totals, setting: Setting): readonly string[] {
  if (!isStandard(setting) || totals.seeds < MANY) return [];
  return [
    ...namesBelow(totals.checks, 1).map((id) => `the checker of ${id} never fired`),
    ...namesBelow(totals.sometimes, 1).map((name) => `never reached: ${name}`),
    ...(totals.seeds < FAULTS_FROM ? [] : seldomFelt(totals.felt)),
  ];
}

function seldomFelt(felt: Counts): readonly string[] {
  return FAULT_KINDS.filter((kind) => (felt[kind] ?? 0) < FELT_AT_LEAST).map(
    (kind) => `${kind} changed ${felt[kind] ?? 0} outcomes, and should have changed ${FELT_AT_LEAST} at least`,
  );
}

function isStandard({ replicas, forMs, faults, mode, bug }: Setting): boolean {
  const isSize = replicas === STANDARD.replicas && forMs === STANDARD.forMs;
  return isSize && faults === 'swarm' && mode === 'safety' && bug === null;
}

function namesBelow(counts: Counts, least: number): readonly string[] {
  return Object.entries(counts)
    .filter(([, count]) => count < least)
    .map(([name]) => name);
}

/** How two runs of one seed differ; null: not at all. */
export function differenceOf(first: SeedOutcome, second: SeedOutcome): Difference | null {
  const { seed } = first;
  if (first.hash !== second.hash) return { seed, what: `its hash was ${first.hash}, then ${second.hash}` };
  const parts = ['events', 'simulatedMs', 'commits', 'felt', 'checks', 'sometimes', 'failure'] as const;
  const part = parts.find((name) => textOf(first, name) !== textOf(second, name));
  if (part === undefined) return null;
  return { seed, what: `${part}: ${textOf(first, part)}, then ${textOf(second, part)}` };
}

function textOf({ failure, ...outcome }: SeedOutcome, part: keyof SeedOutcome): string {
  if (part !== 'failure') return JSON.stringify(outcome[part]);
  // Of an exception the detail is its stack, which says where the files are and whether they were compiled.
  return JSON.stringify(failure === null ? null : { ...failure, detail: failure.detail.split('\n', 1) });
}
