import { describe, expect, it } from '@jest/globals';
import { simulateSeed } from '../many/outcome.ts';
import { linesOf, recorded, shownOf, wholeOf } from './recorded.ts';
import { failure, outcome, SPEC } from '../testing/index.ts';

const spec = { ...SPEC, seed: 5, forMs: 40_000, faults: ['bus-cut', 'ff-crash', 'tier-cut', 'admin-cut'] } as const;
const named = { seed: 5, commit: 'a1b2c3d', command: 'again' };

describe('a run that is recorded', () => {
  it('is the run that it would have been', async () => {
    const { outcome: looked } = await recorded(wholeOf(spec), named);
    expect(looked).toEqual(await simulateSeed(spec));
  });

  it('has who there was, what went between them, what they did, and what was wrong', async () => {
    const { trace } = await recorded(wholeOf(spec), named);
    expect(trace.nodes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['caller-1', 'ff-1', 'ff-3', 'admin-1', 'redis', 'issuer']),
    );
    const labels = new Set(trace.messages.map(({ label }) => label));
    for (const label of [
      'evaluate',
      'get',
      'fill',
      'keys',
      'check',
      'ptt.ff.invalidate',
      'answer to get',
      'answer to evaluate',
    ]) {
      expect(labels).toContain(label);
    }
    expect(trace.messages.some(({ arrivesAt }) => arrivesAt === null)).toBe(true);
    expect(trace.messages.every(({ at, arrivesAt }) => arrivesAt === null || arrivesAt >= at)).toBe(true);
    expect(new Set(trace.marks.map(({ kind }) => kind))).toEqual(new Set(['commit', 'answer', 'load', 'note']));
    expect(trace.faults.length).toBeGreaterThan(0);
    expect(trace).toMatchObject({ title: 'seed 5, passed', failure: null, ...named });
  });

  it('has no more than its window', async () => {
    const { trace } = await recorded({ spec, window: { from: 20_000, until: 22_000 } }, named);
    const instants = [...trace.messages, ...trace.marks].map(({ at }) => at);
    expect(Math.min(...instants)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...instants)).toBeLessThanOrEqual(22_000);
  });

  it('is read line by line, of a short one the end', async () => {
    const { trace } = await recorded(shownOf(spec, outcome()), named);
    const full = linesOf(trace, 'full');
    expect(linesOf(trace, 'short')).toEqual(full.slice(-60));
    expect(full).toContainEqual(expect.stringMatching(/^ +\d+\.\d{3} s {2}caller-\d calls ff-\d: evaluate/));
  });
});

describe('what is shown of a run', () => {
  it('is the end of one that failed', () => {
    const windowAt = (at: number) => shownOf(spec, outcome({ failure: failure({ at }) })).window;
    expect(windowAt(50_000)).toEqual({ from: 30_000, until: 50_000 });
    expect(windowAt(5_000)).toEqual({ from: 0, until: 5_000 });
  });

  it('is the beginning of one that passed, as it was', async () => {
    const passed = await simulateSeed(spec);
    const { trace } = await recorded(shownOf(spec, passed), named);
    const { trace: whole } = await recorded({ ...wholeOf(spec), window: { from: 0, until: 20_000 } }, named);
    expect(trace).toEqual({ ...whole, messages: trace.messages });
    const sent = ({ messages }: typeof trace) => messages.map(({ from, to, at }) => `${at} ${from} ${to}`);
    expect(sent(trace)).toEqual(sent(whole));
  });

  it('has passed as the whole of it did, also where so little of it has too few changes', async () => {
    const busyLater = { ...SPEC, seed: 4, replicas: 1 };
    const { trace, outcome: shown } = await recorded(shownOf(busyLater, outcome()), { ...named, seed: 4 });
    expect([shown.failure, trace.failure, trace.title]).toEqual([null, null, 'seed 4, passed']);
  });
});
