import { type Cancel, type Clock, type Instant, Scheduler } from '#libs/kernel';

interface Task {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** 2026-01-01T00:00:00.000Z: where a manual clock stands unless told otherwise. */
export const MANUAL_START: Instant = Date.UTC(2026, 0, 1);

/** How often promises are let run: several times, since what runs may queue more behind the tick. */
const TICKS = 8;

/**
 * Lets everything run that needs neither time nor a disk nor a socket.
 * A tick comes only when no promise is left to settle, so a few of them drain chains of any length.
 */
export async function settle(): Promise<void> {
  for (let tick = 0; tick < TICKS; tick += 1) {
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }
}

/** Clock and scheduler in one, which move only when told. */
export class ManualClock extends Scheduler implements Clock {
  #wall: Instant;
  #monotonic = 0;
  #order = 0;
  readonly #tasks = new Set<Task>();

  constructor(start: Instant = MANUAL_START) {
    super();
    this.#wall = start;
  }

  now(): Instant {
    return Math.floor(this.#wall);
  }

  monotonicMs(): number {
    return this.#monotonic;
  }

  /** How many tasks wait. */
  get waiting(): number {
    return this.#tasks.size;
  }

  after(delayMs: number, run: () => void): Cancel {
    this.#order += 1;
    const task = { dueMs: this.#monotonic + Math.max(0, delayMs), order: this.#order, run };
    this.#tasks.add(task);
    return () => void this.#tasks.delete(task);
  }

  /** It takes no time, so it waits for no `advance`. */
  atTurnEnd(run: () => void): void {
    process.nextTick(run);
  }

  /** Steps the wall clock alone, forth or back, as an operator or NTP would. Nothing comes due by it. */
  step(ms: number): void {
    this.#wall += ms;
  }

  /** Both clocks move on by `ms`; what comes due on the way runs at its own instant, in order. */
  async advance(ms: number): Promise<void> {
    const until = this.#monotonic + ms;
    await settle();
    for (let task = this.#next(until); task !== null; task = this.#next(until)) {
      this.#tasks.delete(task);
      this.#moveTo(task.dueMs);
      task.run();
      await settle();
    }
    this.#moveTo(until);
  }

  #moveTo(monotonic: number): void {
    this.#wall += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }

  #next(until: number): Task | null {
    let next: Task | null = null;
    for (const task of this.#tasks) {
      if (task.dueMs > until) continue;
      if (next === null || task.dueMs < next.dueMs || (task.dueMs === next.dueMs && task.order < next.order))
        next = task;
    }
    return next;
  }
}
