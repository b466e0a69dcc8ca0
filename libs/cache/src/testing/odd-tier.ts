import { type Invalidation, type SharedGet, SharedTier, TierUnreachable } from '../index.ts';

/** A tier that can be away, slow, or hold what is none of ours. */
export class OddTier extends SharedTier {
  isAway = false;
  isSlow = false;
  text: string | null = null;
  /** Of that text, to its end. */
  leftMs = 1_000;
  /** Runs before each call is answered. */
  before: () => Promise<void> = () => Promise.resolve();
  calls = 0;
  raised = 0;
  #reconnected: () => void = () => undefined;

  constructor(private readonly below: SharedTier) {
    super();
  }

  get(...words: Parameters<SharedTier['get']>): Promise<SharedGet> {
    const { text, leftMs } = this;
    if (text === null) return this.#call(() => this.below.get(...words));
    return this.before().then(() => ({ kind: 'entry', text, leftMs, lease: null }));
  }

  fill(...words: Parameters<SharedTier['fill']>): Promise<boolean> {
    return this.#call(() => this.below.fill(...words));
  }

  announce(message: Invalidation): Promise<void> {
    return this.#call(() => this.below.announce(message));
  }

  async raiseEpochs(): Promise<void> {
    this.raised += 1;
    await this.#call(() => this.below.raiseEpochs());
  }

  onReconnected(listener: () => void): void {
    this.#reconnected = listener;
  }

  reconnect(): void {
    this.#reconnected();
  }

  #call<T>(act: () => Promise<T>): Promise<T> {
    this.calls += 1;
    if (this.isAway) return Promise.reject(new TierUnreachable('away'));
    return this.isSlow ? new Promise(() => undefined) : this.before().then(act);
  }
}
