import { type Cancel, Clock, type Instant, Scheduler } from '#libs/kernel';

/** The machine's clocks. */
export class NodeClock extends Clock {
  now(): Instant {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }
}

/** The event loop's timers. */
export class NodeScheduler extends Scheduler {
  after(delayMs: number, task: () => void): Cancel {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  }

  /** After the poll phase: what sockets had to say in this turn has been read by then. */
  atTurnEnd(task: () => void): void {
    setImmediate(task);
  }
}
