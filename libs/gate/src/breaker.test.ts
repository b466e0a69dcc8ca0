import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LIMITS, Random } from '#libs/kernel';
import { ManualClock } from '#libs/platform/testing';
import { Breaker, type Pass } from './breaker.ts';

class FixedRandom extends Random {
  value: number;
  constructor(value: number) {
    super();
    this.value = value;
  }
  next(): number {
    return this.value;
  }
}

function breakerAt(random = 0) {
  const clock = new ManualClock();
  let opened = 0;
  const breaker = new Breaker(clock, new FixedRandom(random), () => opened++);
  return { clock, breaker, opened: () => opened };
}

function enter(breaker: Breaker): Pass {
  const pass = breaker.enter();
  if (pass === null) throw new Error('the breaker denied');
  return pass;
}

function failTimes(breaker: Breaker, times: number): void {
  for (let n = 0; n < times; n++) enter(breaker).failed();
}

describe('breaker', () => {
  it('starts closed and lets every call through', () => {
    const { breaker } = breakerAt();
    expect(breaker.state).toBe('closed');
    const passes = Array.from({ length: 20 }, () => breaker.enter());
    expect(passes.every((pass) => pass !== null)).toBe(true);
  });

  it('opens at the fifth failure in a row, not at the fourth, and says so once', () => {
    const { breaker, opened } = breakerAt();
    failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
    expect(opened()).toBe(0);
    failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
    expect(opened()).toBe(1);
    expect(breaker.enter()).toBeNull();
    expect(breaker.state).toBe('open');
  });

  it('begins to count anew after a success', () => {
    const { breaker } = breakerAt();
    failTimes(breaker, 4);
    enter(breaker).succeeded();
    failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
    failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  it('neither counts a refusal nor lets it interrupt the count', () => {
    const { breaker } = breakerAt();
    for (let n = 0; n < 20; n++) enter(breaker).refused();
    expect(breaker.state).toBe('closed');
    failTimes(breaker, 4);
    enter(breaker).refused();
    failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  it('stays open for the whole pause and lets one probe through at its end', async () => {
    const { breaker, clock } = breakerAt();
    failTimes(breaker, 5);
    await clock.advance(LIMITS.breakerOpenMs - 1);
    expect(breaker.enter()).toBeNull();
    await clock.advance(1);
    const probe = enter(breaker);
    expect(breaker.state).toBe('half-open');
    expect(breaker.enter()).toBeNull();
    await clock.advance(60_000);
    expect(breaker.enter()).toBeNull();
    probe.succeeded();
    expect(breaker.state).toBe('closed');
    expect(breaker.enter()).not.toBeNull();
  });

  it('shortens the pause by jitter to four fifths at the most', async () => {
    const { breaker, clock } = breakerAt(1);
    failTimes(breaker, 5);
    await clock.advance(799);
    expect(breaker.enter()).toBeNull();
    await clock.advance(1);
    expect(breaker.enter()).not.toBeNull();
  });

  it('doubles the pause after each failed probe, up to 30 s', async () => {
    const { breaker, clock, opened } = breakerAt();
    failTimes(breaker, 5);
    const pauses = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
    for (const [round, pause] of pauses.entries()) {
      await clock.advance(pause - 1);
      expect([pause, breaker.enter()]).toEqual([pause, null]);
      await clock.advance(1);
      enter(breaker).failed();
      expect(breaker.state).toBe('open');
      expect(opened()).toBe(round + 2);
    }
  });

  it('is back at the shortest pause and five failures after a probe that succeeded', async () => {
    const { breaker, clock } = breakerAt();
    failTimes(breaker, 5);
    await clock.advance(1_000);
    enter(breaker).failed();
    await clock.advance(2_000);
    enter(breaker).succeeded();
    failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
    failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
    await clock.advance(1_000);
    expect(breaker.enter()).not.toBeNull();
  });

  it('gives the probe to the next call when Admin refused it, keeping the pause', async () => {
    const { breaker, clock } = breakerAt();
    failTimes(breaker, 5);
    await clock.advance(1_000);
    enter(breaker).refused();
    expect(breaker.state).toBe('open');
    enter(breaker).failed();
    await clock.advance(1_999);
    expect(breaker.enter()).toBeNull();
    await clock.advance(1);
    expect(breaker.enter()).not.toBeNull();
  });

  it('takes no notice of calls that began before it opened', async () => {
    const { breaker, clock, opened } = breakerAt();
    const late = Array.from({ length: 10 }, () => enter(breaker));
    failTimes(breaker, 5);
    for (const pass of late) pass.failed();
    expect(opened()).toBe(1);
    await clock.advance(999);
    expect(breaker.enter()).toBeNull();
    await clock.advance(1);
    enter(breaker);
    expect(breaker.state).toBe('half-open');
  });

  it.each(['succeeded', 'failed', 'refused'] as const)(
    'is not moved out of half-open or open by an old call that %s',
    async (outcome) => {
      const { breaker, clock } = breakerAt();
      const [first, second] = [enter(breaker), enter(breaker)];
      failTimes(breaker, 5);
      first[outcome]();
      expect(breaker.state).toBe('open');
      await clock.advance(1_000);
      enter(breaker);
      second[outcome]();
      expect(breaker.state).toBe('half-open');
    },
  );

  it('does not begin its pause anew when old calls succeed and then fail', () => {
    const { breaker, opened } = breakerAt();
    const late = Array.from({ length: 6 }, () => enter(breaker));
    failTimes(breaker, 5);
    late[0]?.succeeded();
    for (const pass of late) pass.failed();
    expect([breaker.state, opened()]).toEqual(['open', 1]);
  });

  it('counts calls that began before the last success', () => {
    const { breaker } = breakerAt();
    const early = Array.from({ length: 5 }, () => enter(breaker));
    enter(breaker).succeeded();
    for (const pass of early) pass.failed();
    expect(breaker.state).toBe('open');
  });

  it('takes the first outcome of a pass only', () => {
    const { breaker } = breakerAt();
    failTimes(breaker, 3);
    const pass = enter(breaker);
    pass.failed();
    pass.failed();
    pass.succeeded();
    expect(breaker.state).toBe('closed');
    enter(breaker).failed();
    expect(breaker.state).toBe('open');
  });

  it('never has two probes under way, whatever happens', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant<Step>({ does: 'enter' }) },
      {
        weight: 1,
        arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
      },
      { weight: 4, arbitrary: fc.record({ does: OUTCOMES, which: fc.nat(30) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array<Step>(step, { maxLength: 120 }), async (steps) => {
        const { breaker, clock } = breakerAt(0.5);
        const passes: Pass[] = [];
        let probe: Pass | null = null;
        const wrong: string[] = [];
        for (const { does, ms = 0, which = 0 } of steps) {
          if (does === 'wait') await clock.advance(ms);
          else if (does === 'enter') {
            const before = breaker.state;
            const pass = breaker.enter();
            if (pass === null && before === 'closed') wrong.push('denied while closed');
            if (pass !== null && before === 'half-open') wrong.push('a second probe');
            if (pass !== null) passes.push(pass);
            if (before === 'open') probe = pass;
          } else {
            const [pass] = passes.splice(which % Math.max(1, passes.length), 1);
            pass?.[does]();
            if (pass === probe) probe = null;
          }
          if ((probe !== null) !== (breaker.state === 'half-open')) wrong.push(`a probe, but ${breaker.state}`);
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

interface Step {
  readonly does: 'enter' | 'wait' | 'succeeded' | 'failed' | 'refused';
  readonly ms?: number;
  readonly which?: number;
}
const OUTCOMES = fc.constantFrom('succeeded' as const, 'failed' as const, 'failed' as const, 'refused' as const);
