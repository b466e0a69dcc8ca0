import type { Fault, FaultKind } from '../faults/kinds.ts';

/** `safety` judges every promise, `liveness` only the two of liveness, `perf` none. */
export const MODES = ['safety', 'liveness', 'perf'] as const;
export type Mode = (typeof MODES)[number];

/** The promises that something good comes at last; a breach of any other one is one of safety. */
export const LIVENESS: readonly string[] = ['I5', 'I8'];

/** The size that a judgement over many seeds is made at. */
export const STANDARD = { replicas: 3, forMs: 11 * 60_000 } as const;

export const ADMINS = 2;

/** What one run of one seed is given: plain data, so that any process can be asked for it. */
export interface SeedSpec {
  readonly seed: number;
  readonly replicas: number;
  readonly faults: 'swarm' | 'none' | readonly FaultKind[];
  /** Virtual milliseconds in which faults happen and people call. */
  readonly forMs: number;
  readonly mode: Mode;
  /** The bug to plant, by its name. */
  readonly bug: string | null;
  /** In place of the one that the seed gives. */
  readonly plan: readonly Fault[] | null;
}

/** The command that runs it again. A plan of its own has none: it is kept as a file. */
export function commandOf({ seed, replicas, faults, mode, bug }: SeedSpec): string {
  return [
    `npx ptt simulate --seed ${seed}`,
    ...(replicas === STANDARD.replicas ? [] : [`--replicas ${replicas}`]),
    ...(faults === 'swarm' ? [] : [`--faults ${faults === 'none' ? faults : faults.join(',')}`]),
    ...(mode === 'safety' ? [] : [`--mode ${mode}`]),
    ...(bug === null ? [] : [`--bug ${bug}`]),
  ].join(' ');
}
