import type { Cancel, Instant } from '#libs/kernel';
import type { Chance } from '../chance.ts';
import type { RollingHash } from '../rolling-hash.ts';
import { type Event, EventQueue } from './event-queue.ts';
import type { Life } from './life.ts';

/** 2026-01-01T00:00:00.000Z: where every world begins. */
export const EPOCH: Instant = Date.UTC(2026, 0, 1);

const DONE = Promise.resolve();
/** Between two looks at what Node does only between two turns of its loop, in events. */
const TURN_EVERY = 1_000;
/** A thousand times what a world has in a second: in one that has more, something goes round without end. */
const MOST_A_SECOND = 100_000;

/**
 * The one time of a world. It stands still while anything runs and jumps from event to event; after each event all
 * promises are let settle, so that nothing is ever under way between two events but what waits for another one.
 */
export class VirtualTime {
  readonly #queue = new EventQueue();
  readonly #ties: Chance;
  readonly #hash: RollingHash;
  #turnEnd: (() => void)[] = [];
  #now = 0;
  #sequence = 0;
  #events = 0;
  /** The second that runs now, and the events in it. */
  #secondEnds = 0;
  #inSecond = 0;

  constructor(ties: Chance, hash: RollingHash) {
    this.#ties = ties;
    this.#hash = hash;
  }

  /** Milliseconds since the world began, with fractions. */
  get now(): number {
    return this.#now;
  }

  /** Events that have run. */
  get events(): number {
    return this.#events;
  }

  after(delayMs: number, run: () => void): Cancel {
    this.#sequence += 1;
    const event: Event = {
      at: this.#now + Math.max(0, delayMs),
      tie: this.#ties.next(),
      sequence: this.#sequence,
      run,
      isCancelled: false,
    };
    this.#queue.push(event);
    return () => {
      event.isCancelled = true;
    };
  }

  /** Runs it before time goes on, once all that this event set off has settled. */
  atTurnEnd(run: () => void): void {
    this.#turnEnd.push(run);
  }

  /** Resolves after `delayMs`; to a process when it is running then or later, and to a dead one never. */
  pass(delayMs: number, life?: Life): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, life === undefined ? resolve : () => life.run(resolve));
    });
  }

  /**
   * Runs everything that is due by then. A rejection that nobody takes is told of before it ends, and at times before.
   * @param isOver asked after each event; true ends the run there
   * @throws what an event throws; Error when there is no end to them
   */
  runUntil(until: number, isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let hasRun = false;
      const goOn = (): void => {
        try {
          if (this.#turnEnd.length > 0) this.#endTurn();
          else if ((hasRun && isOver()) || !this.#runNext(until)) return void setImmediate(resolve);
          else hasRun = true;
        } catch (error) {
          return reject(error instanceof Error ? error : new Error(String(error)));
        }
        settle();
      };
      // A tick that a promise's job asks for comes when no promise is left to settle, and what it leaves to a promise
      // comes behind all other ticks. It stands for every event, which waits for no promise of its own.
      const settle = (): void => {
        if (this.#events % TURN_EVERY === 0) setImmediate(afterTicks);
        else process.nextTick(afterTicks);
      };
      const afterTicks = (): void => void DONE.then(goOn);
      void DONE.then(settle);
    });
  }

  /** @returns false where nothing more is due by then, and it is that time now */
  #runNext(until: number): boolean {
    for (let next = this.#queue.first; next !== undefined && next.at <= until; next = this.#queue.first) {
      this.#queue.pop();
      if (next.isCancelled) continue;
      this.#now = next.at;
      this.#events += 1;
      this.#countInSecond();
      this.#hash.number(next.at);
      this.#hash.number(next.sequence);
      next.run();
      return true;
    }
    this.#now = until;
    return false;
  }

  #countInSecond(): void {
    if (this.#now >= this.#secondEnds) {
      this.#secondEnds = this.#now + 1_000;
      this.#inSecond = 0;
    }
    this.#inSecond += 1;
    if (this.#inSecond > MOST_A_SECOND) throw new Error(`more than ${MOST_A_SECOND} events in a second`);
  }

  #endTurn(): void {
    const due = this.#turnEnd;
    this.#turnEnd = [];
    for (const run of due) run();
  }
}
