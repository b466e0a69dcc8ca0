import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '#libs/platform/testing';
import { within } from './within.ts';

const LIMIT_MS = 100;

let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

const limited = <T>(call: () => Promise<T>): Promise<T> => within(clock, LIMIT_MS, call, () => new Error('late'));

describe('a call within a limit', () => {
  it('gives its answer, and leaves no timer behind', async () => {
    await expect(limited(() => Promise.resolve(7))).resolves.toBe(7);
    expect(clock.waiting).toBe(0);
  });

  it('gives its failure, and leaves no timer behind', async () => {
    await expect(limited(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(clock.waiting).toBe(0);
  });

  it('gives its failure as it is, whatever it is', async () => {
    const reason = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    await expect(limited(() => Promise.reject(reason))).rejects.toBe(reason);
    const { promise, reject } = Promise.withResolvers<never>();
    reject('a text');
    await expect(limited(() => promise)).rejects.toBe('a text');
  });

  it('leaves no timer behind where it fails before it has begun', async () => {
    const broken = (): Promise<never> => {
      throw new Error('at once');
    };
    await expect(limited(broken)).rejects.toThrow('at once');
    expect(clock.waiting).toBe(0);
  });

  it('is late at the limit and not before, and what comes of it then is nobody’s', async () => {
    const answer = Promise.withResolvers<number>();
    let ended: unknown = null;
    const waiting = limited(() => answer.promise).catch((error: unknown) => (ended = error));
    await clock.advance(LIMIT_MS - 1);
    expect(ended).toBeNull();
    await clock.advance(1);
    await waiting;
    expect(String(ended)).toBe('Error: late');
    expect(clock.waiting).toBe(0);
    answer.reject(new Error('no'));
  });
});
