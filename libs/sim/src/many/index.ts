export {
  differenceOf,
  judge,
  SIMULATION_EXIT,
  unreachedIn,
  type Difference,
  type Judgement,
  type Setting,
} from './judge.ts';
export { isFaultKind, keptSeedText, MOST_SEED, parseKeptSeed, type KeptSeed } from './kept-seed.ts';
export {
  exceptionFailure,
  failureLine,
  isSameFailure,
  simulateSeed,
  type Counts,
  type Failure,
  type SeedOutcome,
} from './outcome.ts';
export { parseOutcome } from './parse-outcome.ts';
export { shrink, type Shrunk } from './shrink.ts';
export { commandOf, MODES, STANDARD, type Mode, type SeedSpec } from './spec.ts';
export { paceLines, tableOf, type Pace } from './table.ts';
export { totalsOf, type Totals } from './totals.ts';
