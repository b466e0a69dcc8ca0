import { LIMITS, type Cancel, type Scheduler } from '#libs/kernel';

/** The request's time is up. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
}

/**
 * The time of one request at the gate, counted from construction. At LIMITS.gateCallMs the calls are told to
 * give up; at LIMITS.gateDeadlineMs nobody waits for them any longer, whether they listened or not.
 */
export class Deadline {
  readonly #calls = new AbortController();
  /** Resolves at the deadline. */
  readonly #passed: Promise<void>;
  readonly #cancels: readonly Cancel[];

  constructor(scheduler: Scheduler) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#passed = promise;
    this.#cancels = [
      scheduler.after(LIMITS.gateCallMs, () => this.#calls.abort(new DeadlinePassed('the call took too long'))),
      scheduler.after(LIMITS.gateDeadlineMs, resolve),
    ];
  }

  /** Tells the calls to give up. */
  get signal(): AbortSignal {
    return this.#calls.signal;
  }

  /** The task's outcome, or DeadlinePassed when that comes first. */
  within<T>(task: Promise<T>): Promise<T> {
    const late = this.#passed.then(() => {
      throw new DeadlinePassed('the request took too long');
    });
    return Promise.race([task, late]);
  }

  /** Stops the clocks: the request has its answer. */
  end(): void {
    for (const cancel of this.#cancels) cancel();
  }
}
