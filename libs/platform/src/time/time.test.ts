import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ManualClock, MANUAL_START, SeededRandom, SequentialIds, settle } from '../testing/index.ts';
import { NodeClock, NodeIds, NodeRandom, NodeScheduler, uuidV7Of } from './index.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a UUID v7', () => {
  it('is made of its parts as in RFC 9562', () => {
    // The example of its appendix A.6.
    expect(uuidV7Of(0x017f22e279b0, 0xcc3, '18c4dc0c0c07398f')).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
    expect(uuidV7Of(0, 0, '0000000000000000')).toBe('00000000-0000-7000-8000-000000000000');
    expect(uuidV7Of(2 ** 48 - 1, 0xfff, 'ffffffffffffffff')).toBe('ffffffff-ffff-7fff-bfff-ffffffffffff');
  });

  it('has no instant beyond 48 bits, before 1970, or within a millisecond', () => {
    for (const at of [2 ** 48, -1, 0.5, Number.NaN])
      expect(() => uuidV7Of(at, 0, '0000000000000000')).toThrow('48 bits');
  });

  it.each([new NodeIds(), new SequentialIds()])('rises within a millisecond and says when it was made', (ids) => {
    const at = Date.UTC(2026, 10, 22);
    const made = Array.from({ length: 1_000 }, () => ids.uuidV7(at));
    for (const id of made) expect(id).toMatch(UUID_V7);
    expect(made.map((id) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))).toEqual(made.map(() => at));
    expect(made.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('stays unique when a millisecond has more of them than the counter', () => {
    const ids = new NodeIds();
    const made = new Set(Array.from({ length: 10_000 }, () => ids.uuidV7(1)));
    expect(made.size).toBe(10_000);
  });

  it('counts in tests', () => {
    const ids = new SequentialIds();
    expect([ids.uuidV7(0), ids.uuidV7(1)]).toEqual([
      '00000000-0000-7000-8000-000000000001',
      '00000000-0001-7000-8000-000000000002',
    ]);
  });
});

describe('a manual clock', () => {
  it('moves only when told', async () => {
    const clock = new ManualClock();
    expect([clock.now(), clock.monotonicMs()]).toEqual([MANUAL_START, 0]);
    await clock.advance(1_500.5);
    expect([clock.now(), clock.monotonicMs()]).toEqual([MANUAL_START + 1_500, 1_500.5]);
    clock.step(-10_000);
    expect([clock.now(), clock.monotonicMs()]).toEqual([MANUAL_START - 8_500, 1_500.5]);
  });

  it('runs what comes due, each at its own instant, in order, and what that begins', async () => {
    const clock = new ManualClock(0);
    const ran: unknown[] = [];
    const note = (what: string) => () => void ran.push([what, clock.now()]);
    clock.after(20, note('second'));
    clock.after(10, note('first'));
    clock.after(10, note('with it'));
    clock.after(31, note('too late'));
    clock.after(5, () => void clock.sleep(5).then(note('begun on the way')));
    await clock.advance(30);
    expect(ran).toEqual([
      ['first', 10],
      ['with it', 10],
      ['begun on the way', 10],
      ['second', 20],
    ]);
    expect([clock.now(), clock.waiting]).toEqual([30, 1]);
  });

  it('runs nothing that was cancelled', async () => {
    const clock = new ManualClock();
    const ran: string[] = [];
    const cancel = clock.after(1, () => ran.push('once'));
    const stop = clock.every(10, () => void ran.push('again'));
    cancel();
    await clock.advance(25);
    stop();
    await clock.advance(100);
    expect(ran).toEqual(['again', 'again']);
  });

  it('lets chains of promises of any length end', async () => {
    let hops = 0;
    const chain = async (): Promise<void> => {
      for (; hops < 5_000; hops += 1) await Promise.resolve();
    };
    void chain();
    await settle();
    expect(hops).toBe(5_000);
  });
});

describe('chance', () => {
  it('is between 0 and 1, and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const one = new SeededRandom(seed);
        const other = new SeededRandom(seed);
        for (let drawn = 0; drawn < 50; drawn += 1) {
          const number = one.next();
          expect(number).toBe(other.next());
          expect(number >= 0 && number < 1).toBe(true);
          expect([0, 1, 2]).toContain(one.below(3));
          other.below(3);
        }
      }),
      { numRuns: 20 },
    );
    const drawn = new NodeRandom().next();
    expect(drawn >= 0 && drawn < 1).toBe(true);
  });
});

describe('the machine’s time', () => {
  it('passes, and its waiting can be cancelled', async () => {
    const clock = new NodeClock();
    const scheduler = new NodeScheduler();
    const before = clock.monotonicMs();
    const ran: string[] = [];
    const cancel = scheduler.after(0, () => ran.push('cancelled'));
    cancel();
    await scheduler.sleep(2);
    expect(ran).toEqual([]);
    expect(clock.monotonicMs()).toBeGreaterThan(before);
    expect(Number.isInteger(clock.now())).toBe(true);
  });

  it.each([new NodeScheduler(), new ManualClock()])('end a turn when what it began has run', async (scheduler) => {
    const ran: string[] = [];
    const ended = new Promise<void>((resolve) => {
      scheduler.atTurnEnd(() => {
        ran.push('end');
        resolve();
      });
    });
    void Promise.resolve().then(() => ran.push('promise'));
    expect(ran).toEqual([]);
    await ended;
    expect(ran).toEqual(['promise', 'end']);
  });
});
