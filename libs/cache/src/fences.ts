import type { Clock } from '#libs/kernel';

interface Fence {
  readonly version: number;
  readonly raisedAt: number;
}

/** The highest version that this replica heard of or read, by key. They outlive entries: that is what they are for. */
export class Fences {
  readonly #fences = new Map<string, Fence>();
  readonly #clock: Clock;
  readonly #most: number;
  readonly #isHeld: (key: string) => boolean;
  readonly #onForgotten: (raisedAt: number) => void;

  /**
   * @param most how many there are at a time; more only where more are held
   * @param isHeld whether a key's fence has to stay: what is being loaded is held against it
   * @param onForgotten one had to go for want of room: what is shared may now be older than what was seen, if it came
   *   from the store before the fence was raised
   */
  constructor(clock: Clock, most: number, isHeld: (key: string) => boolean, onForgotten: (raisedAt: number) => void) {
    this.#clock = clock;
    this.#most = most;
    this.#isHeld = isHeld;
    this.#onForgotten = onForgotten;
  }

  /** 0 for a key that nothing is known of. */
  of(key: string): number {
    return this.#fences.get(key)?.version ?? 0;
  }

  raise(key: string, version: number): void {
    if (version <= this.of(key)) return;
    // Raised anew, it is the newest.
    this.#fences.delete(key);
    for (const [oldest, { raisedAt }] of this.#fences) {
      if (this.#fences.size < this.#most) break;
      if (this.#isHeld(oldest)) continue;
      this.#fences.delete(oldest);
      this.#onForgotten(raisedAt);
    }
    this.#fences.set(key, { version, raisedAt: this.#clock.monotonicMs() });
  }
}
