import { describe, expect, it } from '@jest/globals';
import { ManualClock, settle } from '#libs/platform/testing';
import { Deadline } from './deadline.ts';

const never = new Promise<never>(() => undefined);

describe('deadline', () => {
  it('tells calls to give up at 900 ms, and not before', async () => {
    const clock = new ManualClock();
    const deadline = new Deadline(clock);
    await clock.advance(899);
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(deadline.signal.aborted).toBe(true);
    expect(String(deadline.signal.reason)).toBe('DeadlinePassed: the call took too long');
  });

  it('stops waiting at 1000 ms, and not before', async () => {
    const clock = new ManualClock();
    const deadline = new Deadline(clock);
    let ended: unknown = null;
    deadline.within(never).catch((error: unknown) => (ended = error));
    await clock.advance(999);
    expect(ended).toBeNull();
    await clock.advance(1);
    await settle();
    expect(String(ended)).toBe('DeadlinePassed: the request took too long');
  });

  it("gives the task's own outcome when that comes first", async () => {
    const deadline = new Deadline(new ManualClock());
    await expect(deadline.within(Promise.resolve(7))).resolves.toBe(7);
    await expect(deadline.within(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('leaves no timer behind', () => {
    const clock = new ManualClock();
    const deadline = new Deadline(clock);
    expect(clock.waiting).toBe(2);
    deadline.end();
    expect(clock.waiting).toBe(0);
  });
});
