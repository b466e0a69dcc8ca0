import { type Cancel, type Clock, type Instant, Scheduler } from '#libs/kernel';
import type { Life } from './life.ts';
import { EPOCH, type VirtualTime } from './virtual-time.ts';

interface Step {
  /** When it was set. */
  readonly at: number;
  readonly offsetMs: number;
}

/** One machine's wall clock: it may be wrong, and be set at any moment. */
export class WallClock {
  /** How it was set, the last time last; it begins right. */
  readonly #steps: Step[] = [];

  /** Milliseconds ahead of the world's time. */
  get offsetMs(): number {
    return this.#steps.at(-1)?.offsetMs ?? 0;
  }

  /** @param at the world's time */
  set(offsetMs: number, at: number): void {
    this.#steps.push({ at, offsetMs });
  }

  /** How far it was behind the world's time since then, at the most; 0 where it was not. */
  mostBehindSince(since: number): number {
    let most = 0;
    for (const { at, offsetMs } of this.#steps.toReversed()) {
      most = Math.max(most, -offsetMs);
      if (at <= since) break;
    }
    return most;
  }
}

/** The clocks and timers of one process. */
export class NodeTime extends Scheduler implements Clock {
  readonly #time: VirtualTime;
  readonly #life: Life;
  readonly #wall: WallClock;
  readonly #bornAt: number;

  constructor(time: VirtualTime, life: Life, wall: WallClock) {
    super();
    this.#time = time;
    this.#life = life;
    this.#wall = wall;
    this.#bornAt = time.now;
  }

  now(): Instant {
    return Math.floor(EPOCH + this.#time.now + this.#wall.offsetMs);
  }

  monotonicMs(): number {
    return this.#time.now - this.#bornAt;
  }

  after(delayMs: number, task: () => void): Cancel {
    let isCancelled = false;
    const cancel = this.#time.after(delayMs, () => {
      this.#life.run(() => {
        if (!isCancelled) task();
      });
    });
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  atTurnEnd(task: () => void): void {
    this.#time.atTurnEnd(() => this.#life.run(task));
  }
}
