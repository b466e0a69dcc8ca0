/** How long a process lives. What waits for something when it dies waits for ever; while it is paused it waits longer. */
export class Life {
  #isAlive = true;
  #isPaused = false;
  #held: (() => void)[] = [];
  readonly #ends: (() => void)[] = [];

  /** How much waits for it to go on. */
  get held(): number {
    return this.#held.length;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isRunning(): boolean {
    return this.#isAlive && !this.#isPaused;
  }

  /** Runs it now; when the process goes on, if it is paused; never, if it is dead. */
  run(task: () => void): void {
    if (!this.#isAlive) return;
    if (this.#isPaused) this.#held.push(task);
    else task();
  }

  /** The same promise as the process sees it. */
  guard<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.run(() => resolve(value)),
        (error: unknown) => this.run(() => reject(error instanceof Error ? error : new Error(String(error)))),
      );
    });
  }

  pause(): void {
    this.#isPaused = true;
  }

  /** What came due meanwhile runs at once, in its order. */
  resume(): void {
    this.#isPaused = false;
    const held = this.#held;
    this.#held = [];
    for (const task of held) this.run(task);
  }

  end(): void {
    this.#isAlive = false;
    this.#held = [];
    for (const ended of this.#ends.splice(0)) ended();
  }

  /** Calls back as it ends: what others see of that. */
  onEnd(ended: () => void): void {
    this.#ends.push(ended);
  }
}
