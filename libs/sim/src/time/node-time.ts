import { type Cancel, type Clock, type Instant, Scheduler } from '#libs/kernel';
import type { Life } from './life.ts';
import { EPOCH, type VirtualTime } from './virtual-time.ts';

/** One machine's wall clock: it may be wrong, and be set right at any moment. */
export class WallClock {
  /** Milliseconds ahead of the world's time. */
  offsetMs = 0;
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
