import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '#libs/platform/testing';
import { inTime } from './in-time.ts';

describe('what a store answers', () => {
  it('at once needs none of the time', async () => {
    const clock = new ManualClock();
    const answer = inTime('a', 0, clock);
    expect([await answer, clock.waiting]).toEqual(['a', 0]);
  });

  it('in time is there when it comes', async () => {
    const clock = new ManualClock();
    const answer = inTime(
      clock.sleep(99).then(() => 'a'),
      100,
      clock,
    );
    await clock.advance(99);
    expect([await answer, clock.waiting]).toEqual(['a', 0]);
  });

  it('too late is an error, which says how long it may take and what to do', async () => {
    const clock = new ManualClock();
    const outcome = Promise.allSettled([inTime(clock.sleep(101), 100, clock)]);
    await clock.advance(100);
    expect(await outcome).toMatchObject([
      {
        reason: {
          code: 'store_unavailable',
          message: 'The store did not answer within 2000 ms. Try again in a moment.',
        },
      },
    ]);
  });
});
