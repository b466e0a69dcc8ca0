import type { Failure, SeedOutcome } from '../many/outcome.ts';
import type { Setting } from '../many/judge.ts';
import { type SeedSpec, STANDARD } from '../many/spec.ts';

export const SETTING: Setting = { ...STANDARD, faults: 'swarm', mode: 'safety', bug: null };
export const SPEC: SeedSpec = { ...SETTING, seed: 1, plan: null };

/** What a seed came to, apart from what a test says otherwise. */
export function outcome(changes: Partial<SeedOutcome> = {}): SeedOutcome {
  return {
    seed: 1,
    hash: '00000000000000aa',
    events: 1_000,
    simulatedMs: 60_000,
    commits: 500,
    plan: [],
    felt: { 'bus-cut': 3, 'ff-crash': 1 },
    checks: { I1: 10, I5: 2 },
    sometimes: { 'an allow was reused': 1 },
    failure: null,
    ...changes,
  };
}

export function failure(changes: Partial<Failure> = {}): Failure {
  return {
    kind: 'safety',
    invariant: 'I2',
    at: 12_345.6789,
    replica: 'ff-2',
    key: 'ptt:ff:flag:ff.a',
    detail: 'version 1 was served after 2',
    ...changes,
  };
}
