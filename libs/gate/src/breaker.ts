import { LIMITS, type Clock, type Random } from '#libs/kernel';

/**
 * Stops asking Admin when it does not answer.
 *
 *   closed     every call passes; failures in a row are counted.
 *                success → closed, count 0
 *                failure → closed, count + 1; at LIMITS.breakerFailures → open for LIMITS.breakerOpenMs
 *                refusal → closed, as before: Admin is there, and said no
 *   open       every call is denied at once, until the pause ends.
 *                first call after the pause → half-open, and that call is the probe
 *   half-open  one probe is under way; every other call is denied at once.
 *                success → closed, count 0, pause back to the shortest
 *                failure → open for twice the last pause, at most LIMITS.breakerOpenMaxMs
 *                refusal → open with no pause left: the next call is the next probe
 *
 * A call's outcome counts only in the state that let it through: what began before a change of state says
 * nothing about Admin since. The pause has jitter, so that replicas do not probe in step.
 */
export class Breaker {
  protected readonly clock: Clock;
  readonly #random: Random;
  readonly #onOpen: () => void;
  #state: State = { name: 'closed', failures: 0 };
  #pauseMs: number = LIMITS.breakerOpenMs;

  /** @param onOpen runs at each change to open. */
  constructor(clock: Clock, random: Random, onOpen: () => void) {
    this.clock = clock;
    this.#random = random;
    this.#onOpen = onOpen;
  }

  /** For metrics and readiness. An ended pause shows as open until somebody calls. */
  get state(): BreakerState {
    return this.#state.name;
  }

  /** Leave to call, or null. Whoever has leave ends it with exactly one outcome. */
  enter(): Pass | null {
    const state = this.#state;
    if (state.name === 'closed') return this.#pass(state);
    if (state.name === 'half-open' || this.clock.monotonicMs() < state.until) return null;
    const halfOpen: State = { name: 'half-open' };
    this.#state = halfOpen;
    return this.#pass(halfOpen);
  }

  #pass(at: ClosedState | HalfOpenState): Pass {
    let open = true;
    const once = (outcome: () => void) => (): void => {
      if (open && this.#state === at) outcome();
      open = false;
    };
    return {
      succeeded: once(() => {
        if (at.name === 'half-open') this.#close();
        else at.failures = 0;
      }),
      failed: once(() => {
        if (at.name === 'half-open') this.#open(Math.min(this.#pauseMs * 2, LIMITS.breakerOpenMaxMs));
        else if (++at.failures === LIMITS.breakerFailures) this.#open(LIMITS.breakerOpenMs);
      }),
      refused: once(() => {
        if (at.name === 'half-open') this.#state = { name: 'open', until: this.clock.monotonicMs() };
      }),
    };
  }

  #close(): void {
    this.#state = { name: 'closed', failures: 0 };
  }

  #open(pauseMs: number): void {
    this.#pauseMs = pauseMs;
    // Between four fifths and the whole of the pause: never longer than said, and spread over replicas.
    const jittered = pauseMs * (1 - 0.2 * this.#random.next());
    this.#state = { name: 'open', until: this.clock.monotonicMs() + jittered };
    this.#onOpen();
  }
}

export const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/** Leave for one call. Only the first outcome counts. */
export interface Pass {
  succeeded(): void;
  failed(): void;
  refused(): void;
}

interface ClosedState {
  readonly name: 'closed';
  failures: number;
}
interface HalfOpenState {
  readonly name: 'half-open';
}
type State = ClosedState | HalfOpenState | { readonly name: 'open'; readonly until: number };
