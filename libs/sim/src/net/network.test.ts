import { describe, expect, it } from '@jest/globals';
import { Chance } from '../chance.ts';
import { RollingHash } from '../rolling-hash.ts';
import { Life } from '../time/life.ts';
import { EPOCH, VirtualTime } from '../time/virtual-time.ts';
import { NodeTime, WallClock } from '../time/node-time.ts';
import { type Callee, ConnectionLost, Network, type Weather } from './network.ts';

const FAIR: Weather = { loses: () => false, losesReply: () => false, delayMs: () => 0 };

const answer = async (): Promise<string> => 'answer';

interface Stage {
  readonly time: VirtualTime;
  readonly ff: Callee;
  readonly admin: Callee;
  readonly served: number[];
  /** What became of a call after a second of the world's time. */
  readonly outcome: () => Promise<string>;
}

function stage(weather: Partial<Weather> = {}, serve = answer): Stage {
  const time = new VirtualTime(new Chance(1), new RollingHash());
  const network = new Network(time, new Chance(2), { ...FAIR, ...weather });
  const ff = { name: 'ff', life: new Life() };
  const admin = { name: 'admin', life: new Life() };
  const served: number[] = [];
  return {
    time,
    ff,
    admin,
    served,
    outcome: async () => {
      let outcome = 'nothing yet';
      const call = network.call(ff, admin, () => {
        served.push(time.now);
        return serve();
      });
      void call.then(
        (value) => void (outcome = value),
        (error: unknown) => void (outcome = error instanceof ConnectionLost ? 'connection lost' : String(error)),
      );
      await time.runUntil(time.now + 1_000, () => false);
      return outcome;
    },
  };
}

describe('a call across the network', () => {
  it('takes time both ways', async () => {
    const { outcome, served, time } = stage();
    await expect(outcome()).resolves.toBe('answer');
    expect(served[0]).toBeGreaterThan(0);
    expect(time.now).toBe(1_000);
  });

  it('takes as long whatever else was sent between others', async () => {
    const network = (): Network => new Network(new VirtualTime(new Chance(1), new RollingHash()), new Chance(2), FAIR);
    const [one, other] = [network(), network()];
    for (let message = 0; message < 3; message += 1) other.latency('ff', 'redis');
    expect(other.latency('ff', 'admin')).toBe(one.latency('ff', 'admin'));
    expect(other.latency('admin', 'ff')).toBe(one.latency('admin', 'ff'));
    expect(one.latency('ff', 'redis')).not.toBe(one.latency('redis', 'ff'));
  });

  it('is never heard of again where its way is cut, and is not served', async () => {
    const { outcome, served } = stage({ loses: (from) => from === 'ff' });
    await expect(outcome()).resolves.toBe('nothing yet');
    expect(served).toEqual([]);
  });

  it.each<[string, Partial<Weather>]>([
    ['the way back is cut', { loses: (from) => from === 'admin' }],
    ['its reply is lost', { losesReply: () => true }],
  ])('is served and never heard of where %s', async (_why, weather) => {
    const { outcome, served } = stage(weather);
    await expect(outcome()).resolves.toBe('nothing yet');
    expect(served).toHaveLength(1);
  });

  it('is reset by a dead process', async () => {
    const { outcome, admin, served } = stage();
    admin.life.end();
    await expect(outcome()).resolves.toBe('connection lost');
    expect(served).toEqual([]);
  });

  it('is reset no sooner than it would be answered', async () => {
    const { outcome, admin } = stage({ delayMs: () => 600 });
    admin.life.end();
    await expect(outcome()).resolves.toBe('nothing yet');
  });

  it('fails where serving fails, also before it has begun', async () => {
    const late = stage({}, () => Promise.reject(new RangeError('no')));
    await expect(late.outcome()).resolves.toBe('RangeError: no');
    const atOnce = stage({}, () => {
      throw new RangeError('no');
    });
    await expect(atOnce.outcome()).resolves.toBe('RangeError: no');
  });

  it('is never heard of again where its process dies while it serves', async () => {
    const { outcome, admin, served } = stage({}, async () => {
      admin.life.end();
      return 'answer';
    });
    await expect(outcome()).resolves.toBe('nothing yet');
    expect(served).toHaveLength(1);
  });

  it('is heard of by a caller that was paused when it goes on', async () => {
    const { outcome, ff, time } = stage({ delayMs: () => 10 });
    time.after(15, () => ff.life.pause());
    const isHeld: number[] = [];
    time.after(900, () => void isHeld.push(ff.life.held));
    time.after(901, () => ff.life.resume());
    await expect(outcome()).resolves.toBe('answer');
    expect(isHeld).toEqual([1]);
  });

  it('waits for a paused process', async () => {
    const { outcome, admin, served, time } = stage();
    admin.life.pause();
    time.after(500, () => admin.life.resume());
    await expect(outcome()).resolves.toBe('answer');
    expect(served).toEqual([500]);
  });

  it('ends for nobody when its caller died meanwhile', async () => {
    const { outcome, ff, served, time } = stage({ delayMs: () => 10 });
    time.after(15, () => ff.life.end());
    await expect(outcome()).resolves.toBe('nothing yet');
    expect(served).toHaveLength(1);
  });
});

describe('the clocks of a process', () => {
  it('are its own: a wall clock that may be wrong, and one that begins with it', async () => {
    const { time, ff } = stage();
    await time.runUntil(50.7, () => false);
    const wall = new WallClock();
    const clock = new NodeTime(time, ff.life, wall);
    expect([clock.now(), clock.monotonicMs()]).toEqual([EPOCH + 50, 0]);
    wall.set(-2_000, time.now);
    await time.runUntil(60, () => false);
    expect(clock.now()).toBe(EPOCH - 1_940);
    expect(clock.monotonicMs()).toBeCloseTo(9.3);
  });

  it('tell how far behind they were since then, at the most', () => {
    const wall = new WallClock();
    expect(wall.mostBehindSince(0)).toBe(0);
    wall.set(-7_000, 100);
    wall.set(-2_000, 200);
    wall.set(3_000, 300);
    expect([50, 100, 200, 250, 300].map((since) => wall.mostBehindSince(since))).toEqual([
      7_000, 7_000, 2_000, 2_000, 0,
    ]);
  });

  it('have timers that stand still while it is paused and end with it', async () => {
    const { time, ff } = stage();
    const clock = new NodeTime(time, ff.life, new WallClock());
    const seen: string[] = [];
    clock.after(10, () => void seen.push(`paused until ${time.now}`));
    const cancel = clock.after(12, () => void seen.push('cancelled while it was held'));
    clock.after(40, () => void seen.push('after its end'));
    time.after(5, () => ff.life.pause());
    time.after(20, () => {
      cancel();
      ff.life.resume();
      clock.atTurnEnd(() => void seen.push('turn end'));
    });
    time.after(30, () => ff.life.end());
    await time.runUntil(50, () => false);
    expect(seen).toEqual(['paused until 20', 'turn end']);
    expect([ff.life.isAlive, ff.life.isRunning]).toEqual([false, false]);
  });
});
