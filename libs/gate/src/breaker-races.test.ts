import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LIMITS } from '#libs/kernel';
import { ManualClock, SeededRandom } from '#libs/platform/testing';
import { Breaker, type Pass } from './breaker.ts';

type Outcome = 'succeeded' | 'failed' | 'refused';

const outcomes = fc.constantFrom<Outcome>('succeeded', 'failed', 'failed', 'failed', 'refused');
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ does: fc.constant('call' as const), outcome: outcomes }) },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
    },
  ),
  { minLength: 5, maxLength: 60 },
);

describe('a breaker, in whatever order calls end', () => {
  it('lets one probe through at a time, none before its pause is over, and is closed only by a success', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, async (order, given) => {
        const clock = new ManualClock();
        let openedAt = Number.NEGATIVE_INFINITY;
        let opened = 0;
        const breaker = new Breaker(clock, new SeededRandom(1), () => {
          openedAt = clock.monotonicMs();
          opened += 1;
        });
        const probes = new Set<Pass>();
        const faults: string[] = [];
        const call = async (outcome: Outcome): Promise<void> => {
          await order.schedule(Promise.resolve(), 'begins');
          const before = breaker.state;
          const sinceOpened = clock.monotonicMs() - openedAt;
          const pass = breaker.enter();
          if (before === 'half-open' && pass !== null && probes.size > 0) faults.push('two probes');
          // The shortest pause, shortened by all of its jitter.
          if (before === 'open' && pass !== null && sinceOpened > 0 && sinceOpened < 0.8 * LIMITS.breakerOpenMs) {
            faults.push('a call through an open breaker');
          }
          if (pass === null) return;
          const isProbe = breaker.state === 'half-open';
          if (isProbe) probes.add(pass);
          await order.schedule(Promise.resolve(), outcome);
          const [state, times] = [breaker.state, opened];
          pass[outcome]();
          probes.delete(pass);
          if (!isProbe && state !== 'closed' && (breaker.state !== state || opened !== times)) {
            faults.push('moved by a call of before');
          }
          if (state !== 'closed' && breaker.state === 'closed' && (!isProbe || outcome !== 'succeeded')) {
            faults.push(`closed by a ${isProbe ? 'probe' : 'call'} that ${outcome}`);
          }
        };
        const running: Promise<void>[] = [];
        for (const step of given) {
          if (step.does === 'call') running.push(call(step.outcome));
          else {
            while (order.count() > 0) await order.waitNext(1);
            await clock.advance(step.ms);
          }
        }
        await order.waitIdle();
        await Promise.all(running);
        expect(faults).toEqual([]);
        // Whatever happened, it comes back: a pause, a probe that is answered, and it is closed.
        for (let tries = 0; tries < 2 && breaker.state !== 'closed'; tries += 1) {
          await clock.advance(LIMITS.breakerOpenMaxMs);
          breaker.enter()?.succeeded();
        }
        expect(breaker.state).toBe('closed');
      }),
      { numRuns: 300 },
    );
  });
});
