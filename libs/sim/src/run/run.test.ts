import { describe, expect, it } from '@jest/globals';
import { FAULT_KINDS } from '../faults/kinds.ts';
import { planOf } from '../faults/plan.ts';
import { type Bug, overlaid } from '../bugs/bug.ts';
import { Chance } from '../chance.ts';
import { Topology } from '../world/topology.ts';
import { run, type RunOptions } from './run.ts';

const FAULT = { at: 20_000, forMs: 10, target: 1, size: 0.5 } as const;
/** FF is started once, and never again. */
const NOT_UP_AGAIN: Bug = {
  id: 'not-up-again',
  invariant: 'I8',
  what: 'FF does not start again.',
  tests: [],
  plant: () => {
    const begun = new WeakSet<Topology>();
    return overlaid(
      Topology,
      class extends Topology {
        override startFf(): Promise<void> {
          if (begun.has(this)) return new Promise(() => undefined);
          begun.add(this);
          return super.startFf();
        }
      },
    );
  },
};

const SHORT: RunOptions = { seed: 7, replicas: 3, faults: 'swarm', forMs: 60_000 };

describe('a run', () => {
  it('is the same for the same seed, and another for another', async () => {
    const [one, same, other] = [await run(SHORT), await run(SHORT), await run({ ...SHORT, seed: 8 })];
    expect(same).toEqual(one);
    expect(other.hash).not.toBe(one.hash);
    expect(one).toMatchObject({ violation: null, exception: null });
  });

  it('with no faults feels none, and everything is checked all the same', async () => {
    const calm = await run({ ...SHORT, faults: 'none' });
    expect([calm.plan, [...calm.felt.values()].every((times) => times === 0)]).toEqual([[], true]);
    const unchecked = [...calm.checks].filter(([, checks]) => checks === 0).map(([id]) => id);
    expect(unchecked.filter((id) => id !== 'I10')).toEqual([]);
    expect(calm.commits).toBeGreaterThan(30);
  });

  it('with all kinds of faults feels what was planned', async () => {
    const bad = await run({ ...SHORT, faults: FAULT_KINDS, forMs: 120_000 });
    expect(bad).toMatchObject({ violation: null, exception: null });
    const planned = new Set(bad.plan.map(({ kind }) => kind));
    const felt = [...bad.felt].filter(([, times]) => times > 0).map(([kind]) => kind);
    expect(felt.filter((kind) => !planned.has(kind))).toEqual([]);
    expect(felt.length).toBeGreaterThan(8);
  });

  it('goes on until it has its share of changes', async () => {
    const short = { ...SHORT, faults: 'none', forMs: 5_000 } as const;
    const ends = new Set<boolean>();
    for (const seed of [1, 2, 3, 4, 5, 6, 7]) {
      const { commits, simulatedMs } = await run({ ...short, seed });
      // With those that are made when all is quiet again.
      expect(commits).toBeGreaterThan(3 + 5);
      ends.add(simulatedMs > 70_000);
    }
    expect(ends).toEqual(new Set([true, false]));
  });

  it('fails where it does not come to its share of changes', async () => {
    const plan = [{ ...FAULT, kind: 'ff-crash' }] as const;
    const { violation } = await run({ ...SHORT, plan, bug: NOT_UP_AGAIN });
    expect(violation).toMatchObject({ invariant: 'I8', detail: expect.stringMatching(/^only \d+ changes/) });
  });

  it('fails where something is not up again in the end, if that is judged', async () => {
    const plan = [{ ...FAULT, kind: 'ff-crash', at: 59_000 }] as const;
    const given = { ...SHORT, seed: 8, plan, bug: NOT_UP_AGAIN };
    const { violation } = await run(given);
    expect(violation).toMatchObject({ invariant: 'I8', detail: expect.stringContaining('a process is not up again') });
    for (const judged of [[], ['I2']]) expect(await run({ ...given, judged })).toMatchObject({ violation: null });
  });

  it.each(['ff-crash', 'admin-crash'] as const)('lives through a crash and another as it starts: %s', async (kind) => {
    // The machine, then its processes; its processes, then the machine.
    const plan = [
      { ...FAULT, kind, target: 4 },
      { ...FAULT, kind, at: 35_000, target: 24 },
      { ...FAULT, kind, at: 50_000, target: 1 },
    ];
    const result = await run({ ...SHORT, plan });
    expect(result).toMatchObject({ violation: null, exception: null });
    expect(result.felt.get(kind)).toBe(5);
  });

  it('takes a plan in place of the one that its seed gives', async () => {
    const fault = { ...FAULT, kind: 'replica-restart' } as const;
    const { plan, felt } = await run({ ...SHORT, plan: [fault] });
    expect([plan, felt.get('replica-restart'), felt.get('bus-cut')]).toEqual([[fault], 1, 0]);
  });
});

describe('what nobody expected', () => {
  const observed = (observe: NonNullable<RunOptions['observe']>) => run({ ...SHORT, forMs: 3_000, observe });

  it('thrown by an event is the exception of the seed', async () => {
    const { exception, violation, hash } = await observed(({ time }) => {
      time.after(2_000, () => {
        throw new Error('an event throws this');
      });
    });
    expect(exception).toEqual({ error: new Error('an event throws this'), at: 2_000 });
    expect([violation, hash]).toEqual([null, expect.stringMatching(/^[0-9a-f]{16}$/)]);
  });

  it.each([0, 0.001])('can be a world that goes round in circles, every %d ms', async (everyMs) => {
    const { exception } = await observed(({ time }) => {
      const again = (): void => void time.after(everyMs, again);
      time.after(2_000, again);
    });
    expect(exception).toMatchObject({ error: { message: 'more than 100000 events in a second' } });
  });
});

describe('a plan', () => {
  it('has of a kind the same faults whatever others there are', () => {
    const alone = planOf(['bus-cut'], 600_000, new Chance(3));
    const among = planOf(FAULT_KINDS, 600_000, new Chance(3)).filter(({ kind }) => kind === 'bus-cut');
    expect(alone.length).toBeGreaterThan(3);
    expect(among).toEqual(alone);
  });

  it('ends before the time is over', () => {
    const plan = planOf(FAULT_KINDS, 100_000, new Chance(3));
    expect(plan.every(({ at, forMs }) => at + forMs <= 100_000)).toBe(true);
  });
});
