import { isRecord } from '#libs/kernel';
import { planIn } from './kept-seed.ts';
import { type Counts, type Failure, FAILURES, type SeedOutcome } from './outcome.ts';

/** An outcome that was written as JSON; null for anything else. */
export function parseOutcome(value: unknown): SeedOutcome | null {
  if (!isRecord(value)) return null;
  const { seed, hash, events, simulatedMs, commits } = value;
  const plan = planIn(value['plan']);
  const [felt, checks, sometimes] = [countsIn(value['felt']), countsIn(value['checks']), countsIn(value['sometimes'])];
  const failure = value['failure'] === null ? null : failureIn(value['failure']);
  if (typeof hash !== 'string' || failure === undefined) return null;
  if (plan === null || felt === null || checks === null || sometimes === null) return null;
  if (!isCount(seed) || !isCount(events) || !isMeasure(simulatedMs) || !isCount(commits)) return null;
  return { seed, hash, events, simulatedMs, commits, plan, felt, checks, sometimes, failure };
}

function failureIn(value: unknown): Failure | undefined {
  if (!isRecord(value)) return undefined;
  const { invariant, at, replica, key, detail } = value;
  const kind = FAILURES.find((one) => one === value['kind']);
  if (kind === undefined || typeof invariant !== 'string' || typeof detail !== 'string' || !isMeasure(at))
    return undefined;
  if (!isTextOrNull(replica) || !isTextOrNull(key)) return undefined;
  return { kind, invariant, at, replica, key, detail };
}

function countsIn(value: unknown): Counts | null {
  if (!isRecord(value)) return null;
  const counts: Record<string, number> = {};
  for (const [name, count] of Object.entries(value)) {
    if (!isCount(count)) return null;
    counts[name] = count;
  }
  return counts;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && isMeasure(value);
}

function isMeasure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
