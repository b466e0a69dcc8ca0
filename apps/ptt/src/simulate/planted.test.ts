import { describe, expect, it } from '@jest/globals';
import { Cache, MemoryTier } from '#libs/cache';
import { NodeClock } from '#libs/platform';
import { FAULT_KINDS, type FaultKind, isSameFailure, type Bug, type SeedSpec, simulateSeed } from '#libs/sim';
import { SETTING, SPEC } from '#libs/sim/testing';
import { HereRunner } from '../testing/runners.ts';
import { shrinkPlan, simulate } from './simulation.ts';

/** What production code must not take, and takes here. */
const chanceOfTheProcess = (): number => Math.random();

/** Has a method of a class do something else. @returns what puts it back */
function planted<T extends object, K extends keyof T>(prototype: T, name: K, change: (own: T[K]) => T[K]): () => void {
  const own = prototype[name];
  prototype[name] = change(own);
  return () => {
    prototype[name] = own;
  };
}

const bug = (plant: () => () => void): Bug => ({
  id: 'planted',
  invariant: 'I2',
  what: 'for a test',
  tests: [],
  plant,
});
const ports = (bank: readonly Bug[]) => ({
  runner: HereRunner.ofWorlds(bank),
  clock: new NodeClock(),
  progress: () => undefined,
});

describe('chance of the process in a production class', () => {
  /** Harmless by itself: at times the tier says that somebody else is loading, and the store is read. */
  const careless = bug(() =>
    planted(
      MemoryTier.prototype,
      'get',
      (own) =>
        function (this: MemoryTier, ...words) {
          if (chanceOfTheProcess() < 0.2) return Promise.resolve({ kind: 'leased' });
          return own.apply(this, words);
        },
    ),
  );

  it('is found by running seeds twice', async () => {
    const setting = { ...SETTING, replicas: 1, forMs: 3_000, faults: 'none' as const };
    const takeOut = careless.plant();
    const { differences, judgement } = await simulate({ first: 1, count: 20, setting, kept: [] }, ports([])).finally(
      takeOut,
    );
    expect(differences).toEqual([{ seed: 20, what: expect.stringMatching(/^its hash was .+, then /) }]);
    expect(judgement.exitCode).toBe(130);
    const sound = await simulate({ first: 1, count: 20, setting, kept: [] }, ports([]));
    expect([sound.differences, sound.judgement.exitCode]).toEqual([[], 0]);
  });
});

describe('a planted fault that shows under faults of two kinds together', () => {
  /** A replica that ever lost its subscription is deaf once the shared tier was dropped after a reconnect. */
  const deaf = bug(() => {
    const wasCut = new WeakSet<Cache>();
    let wasDropped = false;
    const undos = [
      planted(
        MemoryTier.prototype,
        'raiseEpochs',
        (own) =>
          function (this: MemoryTier) {
            wasDropped = true;
            return own.call(this);
          },
      ),
      planted(
        Cache.prototype,
        'onSubscriptionBreak',
        (own) =>
          function (this: Cache) {
            wasCut.add(this);
            own.call(this);
          },
      ),
      planted(
        Cache.prototype,
        'onInvalidate',
        (own) =>
          function (this: Cache, message) {
            if (!wasDropped || !wasCut.has(this)) own.call(this, message);
          },
      ),
    ];
    return () => undos.forEach((undo) => undo());
  });

  // Some fifty worlds, one after another.
  it('is shrunk to one of each, and none of the two can go', async () => {
    // A failover is both by itself.
    const faults: readonly FaultKind[] = FAULT_KINDS.filter((kind) => kind !== 'tier-failover');
    const spec: SeedSpec = { ...SPEC, faults, replicas: 2, forMs: 150_000, bug: 'planted' };
    const outcome = await simulateSeed(spec, undefined, [deaf]);
    expect(outcome.failure).toMatchObject({ invariant: 'I2' });
    const failed = { spec, outcome, file: null };
    const { items, isWhole } = await shrinkPlan(failed, ports([deaf]));
    expect(isWhole).toBe(true);
    expect(items.length * 10).toBeLessThanOrEqual(outcome.plan.length);
    for (const one of items) {
      const left = await simulateSeed({ ...spec, plan: items.filter((fault) => fault !== one) }, undefined, [deaf]);
      expect(isSameFailure(left.failure, outcome.failure)).toBe(false);
    }
  }, 120_000);
});
