import { Clock, type Instant } from '#libs/kernel';
import { NodeClock, NodeScheduler, nodeAmbient, type Ambient } from '#libs/platform';

/** The machine's clock, which a test can turn forward. Waiting is not touched by it. */
export class TurnedClock extends Clock {
  readonly #real = new NodeClock();
  #turnedMs = 0;

  now(): Instant {
    return this.#real.now() + this.#turnedMs;
  }

  monotonicMs(): number {
    return this.#real.monotonicMs() + this.#turnedMs;
  }

  turn(byMs: number): void {
    this.#turnedMs += byMs;
  }

  get ambient(): Ambient {
    return { ...nodeAmbient(), clock: this, scheduler: new NodeScheduler() };
  }
}
