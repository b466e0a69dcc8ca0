import { PassThrough } from 'node:stream';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Chance } from '../chance.ts';
import { RollingHash } from '../rolling-hash.ts';
import { EventQueue } from './event-queue.ts';
import { Life } from './life.ts';
import { VirtualTime } from './virtual-time.ts';

const never = (): boolean => false;

function world(seed = 1): { readonly time: VirtualTime; readonly hash: RollingHash } {
  const hash = new RollingHash();
  return { time: new VirtualTime(new Chance(seed), hash), hash };
}

describe('the queue of events', () => {
  it('gives them by time, then by what was drawn, then in the order they came', () => {
    const event = fc.record({ at: fc.integer({ min: 0, max: 5 }), tie: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (given) => {
        const queue = new EventQueue();
        const events = given.map((one, sequence) => ({ ...one, sequence, run: () => undefined, isCancelled: false }));
        for (const one of events) queue.push(one);
        expect(queue.size).toBe(events.length);
        const popped = events.map(() => queue.pop());
        expect(popped).toEqual(events.toSorted((a, b) => a.at - b.at || a.tie - b.tie || a.sequence - b.sequence));
        expect(queue.pop()).toBeUndefined();
      }),
    );
  });
});

/** What is begun in the very turn in which a message comes. */
function atMessage(port: MessagePort, begin: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => void port.once('message', () => void begin().then(resolve, reject)));
}

describe('virtual time', () => {
  it('jumps from event to event and stands where it was told to end', async () => {
    const { time } = world();
    const seen: number[] = [];
    for (const delay of [30, 10, 20, 41]) time.after(delay, () => void seen.push(time.now));
    await time.runUntil(40, never);
    expect(seen).toEqual([10, 20, 30]);
    expect([time.now, time.events]).toEqual([40, 3]);
  });

  it('lets every promise settle before the next event, however long the chain', async () => {
    const { time } = world();
    const seen: string[] = [];
    time.after(1, () => {
      void (async () => {
        for (let step = 0; step < 100; step += 1) await Promise.resolve();
        seen.push('settled');
      })();
    });
    time.after(1.001, () => void seen.push('next event'));
    await time.runUntil(2, never);
    expect(seen).toEqual(['settled', 'next event']);
  });

  it('lets what was under way settle before the first event, wherever it is begun', async () => {
    const { time } = world();
    const seen: string[] = [];
    const { port1, port2 } = new MessageChannel();
    // As a thread is told its next seed: outside of any promise's job, where a tick would come before all promises.
    const begun = atMessage(port1, () => {
      void (async () => {
        for (let step = 0; step < 10; step += 1) await Promise.resolve();
        time.after(1, () => void seen.push('begun late'));
      })();
      return time.runUntil(2, never);
    });
    port2.postMessage('begin');
    await begun;
    port1.close();
    expect(seen).toEqual(['begun late']);
  });

  it('runs a tick before the next event, whichever promise asks for it', async () => {
    const { time } = world();
    const seen: string[] = [];
    time.after(1, () => {
      void (async () => {
        for (let step = 0; step < 10; step += 1) await Promise.resolve();
        // As a stream does, to say that it is closed.
        new PassThrough().once('close', () => void seen.push(`tick at ${time.now}`)).destroy();
      })();
    });
    time.after(2, () => void seen.push('next event'));
    await time.runUntil(3, never);
    expect(seen).toEqual(['tick at 1', 'next event']);
  });

  it('asks whether it is over after each event and its turn’s end, and not before the first', async () => {
    const { time } = world();
    const seen: string[] = [];
    time.atTurnEnd(() => void seen.push('turn end'));
    time.after(1, () => {
      seen.push('event');
      time.atTurnEnd(() => void seen.push('its turn end'));
    });
    time.after(2, () => void seen.push('event'));
    const isOver = (): boolean => seen.push('over?') === 0;
    await time.runUntil(5, isOver);
    expect(seen).toEqual(['turn end', 'event', 'its turn end', 'over?', 'event', 'over?']);
    expect(time.now).toBe(5);
  });

  it('ends with what an event throws', async () => {
    const { time } = world();
    const broken = new RangeError('no');
    time.after(1, () => {
      throw broken;
    });
    await expect(time.runUntil(2, never)).rejects.toBe(broken);
    expect(time.now).toBe(1);
  });

  it('passes for a process while it runs, later when it was paused, and never when it is dead', async () => {
    const { time } = world();
    const lives = { running: new Life(), paused: new Life(), dead: new Life() };
    const seen: string[] = [];
    for (const [name, life] of Object.entries(lives)) {
      void time.pass(1, life).then(() => seen.push(`${name} at ${time.now}`));
    }
    lives.paused.pause();
    lives.dead.end();
    time.after(2, () => lives.paused.resume());
    await time.runUntil(3, never);
    expect(seen).toEqual(['running at 1', 'paused at 2']);
  });

  it('runs what waits for the end of a turn after its promises and before time goes on', async () => {
    const { time } = world();
    const seen: string[] = [];
    time.after(1, () => {
      time.atTurnEnd(() => {
        seen.push(`end at ${time.now}`);
        time.atTurnEnd(() => void seen.push(`second end at ${time.now}`));
      });
      void Promise.resolve().then(() => seen.push('promise'));
    });
    time.after(2, () => void seen.push('later'));
    await time.runUntil(3, never);
    expect(seen).toEqual(['promise', 'end at 1', 'second end at 1', 'later']);
  });

  it('passes over what was cancelled', async () => {
    const { time } = world();
    const seen: string[] = [];
    time.after(1, () => void seen.push('cancelled'))();
    await time.runUntil(2, never);
    expect([seen, time.events]).toEqual([[], 0]);
  });

  it('ends with the event that says so', async () => {
    const { time } = world();
    let count = 0;
    for (const delay of [1, 2, 3]) time.after(delay, () => void (count += 1));
    await time.runUntil(10, () => count === 2);
    expect([count, time.now]).toEqual([2, 2]);
  });

  it('gives what falls on one instant no order but the seed’s', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) {
      const run = async (): Promise<readonly [string, string]> => {
        const { time, hash } = world(seed);
        const seen: string[] = [];
        for (const name of ['a', 'b', 'c']) time.after(1, () => void seen.push(name));
        await time.runUntil(1, never);
        return [seen.join(''), hash.hex()];
      };
      const first = await run();
      expect(await run()).toEqual(first);
      orders.add(first[0]);
    }
    expect(orders.size).toBe(6);
  });
});

describe('the rolling hash', () => {
  it('tells runs apart that differ in one number, one character, or their order', () => {
    const of = (write: (hash: RollingHash) => void): string => {
      const hash = new RollingHash();
      write(hash);
      return hash.hex();
    };
    const hashes = [
      of(() => undefined),
      of((hash) => hash.number(1)),
      of((hash) => hash.number(1.5)),
      of((hash) => hash.number(-1)),
      of((hash) => hash.text('ab')),
      of((hash) => hash.text('ba')),
      of((hash) => (hash.text('a'), hash.text('b'))),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(of((hash) => hash.number(1))).toBe(hashes[1]);
  });
});

describe('chance', () => {
  it('has streams by label that do not touch each other', () => {
    const draws = (chance: Chance): readonly number[] => Array.from({ length: 5 }, () => chance.next());
    const faults = draws(new Chance(7).fork('faults'));
    const root = new Chance(7);
    draws(root.fork('callers'));
    expect(draws(root.fork('faults'))).toEqual(faults);
    expect(draws(new Chance(7).fork('callers'))).not.toEqual(faults);
    expect(draws(new Chance(8).fork('faults'))).not.toEqual(faults);
  });

  it('keeps what it says of its numbers', () => {
    const chance = new Chance(3);
    const many = Array.from({ length: 2_000 }, () => chance.exponential(4));
    expect(Math.min(...many)).toBeGreaterThanOrEqual(0);
    expect(many.reduce((sum, one) => sum + one, 0) / many.length).toBeCloseTo(4, 0);
    for (let draw = 0; draw < 200; draw += 1) {
      const between = chance.between(2, 3);
      expect(between >= 2 && between < 3).toBe(true);
    }
    expect([chance.chance(0), chance.chance(1)]).toEqual([false, true]);
    expect(['a', 'b']).toContain(chance.pick(['a', 'b']));
    expect(() => chance.pick([])).toThrow(RangeError);
  });
});
