import { describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../faults/kinds.ts';
import { World } from '../run/world.ts';
import type { Answered } from '../watch/seen.ts';
import { EveryReadEnds } from './i08-every-read-ends.ts';

const ANSWERED = {
  caller: 'caller-1',
  correlationId: 'caller-1:1',
  replica: 'ff-1',
  what: 'evaluate',
  outcome: 'done',
  detail: null,
  beganAt: 100_000,
  endedAt: 100_004,
} as const satisfies Answered;

interface Given {
  readonly answered: Partial<Answered>;
  /** What was wrong in the second before, and with whom; with everybody where no nodes are given. */
  readonly fault?: readonly [kind: FaultKind, ...nodes: string[]];
}

/** Whether the promise holds; null where it was not asked of that call. */
function isKept({ answered, fault }: Given): boolean | null {
  const world = new World(1, { replicas: 2, admins: 1 });
  let isBroken = false;
  const checker = new EveryReadEnds(world, () => {
    isBroken = true;
  });
  if (fault !== undefined) {
    const [kind, ...nodes] = fault;
    world.disturbances.begin(kind, nodes, 99_000)(99_900);
  }
  checker.answered({ ...ANSWERED, ...answered });
  return checker.checks === 0 ? null : !isBroken;
}

const after = (ms: number): Partial<Answered> => ({ endedAt: ANSWERED.beganAt + ms });

describe('a read', () => {
  it('ends within the time that the gate has, and a little', () => {
    const took = (ms: number): boolean | null => isKept({ answered: after(ms) });
    expect([took(4), took(1_100), took(1_101)]).toEqual([true, true, false]);
  });

  it('may take what faults add that concern its replica, and no others', () => {
    const took = (ms: number, ...fault: readonly [FaultKind, ...string[]]): boolean | null =>
      isKept({ answered: after(ms), fault });
    expect([took(1_850, 'tier-cut', 'ff-1'), took(1_851, 'tier-cut', 'ff-1')]).toEqual([true, false]);
    expect([took(1_200, 'tier-cut', 'ff-2'), took(1_200, 'tier-failover')]).toEqual([false, true]);
    expect([took(9_000, 'slow-store', 'ff-1'), took(9_000, 'slow-store', 'ff-2')]).toEqual([true, false]);
    expect([took(1_200, 'bus-cut', 'ff-1'), took(1_200, 'clock-step')]).toEqual([false, false]);
  });

  it('fails only where something is wrong with its replica', () => {
    const failed = (...fault: readonly [FaultKind, ...string[]]): boolean | null =>
      isKept({ answered: { outcome: 'failed', detail: 'issuer_unavailable' }, fault });
    expect([failed('issuer-cut'), failed('slow-store', 'ff-1'), failed('slow-store', 'ff-2')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isKept({ answered: { outcome: 'failed' } })).toBe(false);
    expect(isKept({ answered: { outcome: 'refused', detail: 'token_invalid' } })).toBe(true);
  });

  it('gets lost only where something is in its way', () => {
    const lost = (...fault: readonly [FaultKind, ...string[]]): boolean | null =>
      isKept({ answered: { ...after(10_000), outcome: 'unknown', detail: 'TimedOut' }, fault });
    expect([lost('ff-crash'), lost('reply-lost', 'ff-1')]).toEqual([null, null]);
    expect([lost('reply-lost', 'ff-2'), lost('admin-cut', 'ff-1'), lost('tier-flush')]).toEqual([false, false, false]);
  });

  it('is no change', () => {
    expect(isKept({ answered: { ...after(9_000), what: 'set' } })).toBeNull();
  });
});
