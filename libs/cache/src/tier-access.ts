import { type Clock, type Scheduler, within } from '#libs/kernel';
import { CACHE_LIMITS, type CacheNamespace } from './namespaces.ts';
import { type Lease, type SharedGet, type SharedTier, TierUnreachable } from './shared-tier.ts';

/**
 * The way to the shared tier: no call takes longer than a limit, and one that failed keeps the next ones off for a
 * while.
 *
 * States: usable → (a call fails) → paused → (the pause ends) → usable; any → (reconnected) → raising, until the tier
 * acknowledged that every namespace was dropped → usable.
 */
export class TierAccess {
  readonly #tier: SharedTier;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #report: (failure: unknown) => void;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #isRaising = false;
  #isToRaise = false;
  #isClosed = false;

  /** @param isDoubtful true where the tier may hold what was changed and never told of: it is dropped first */
  constructor(
    tier: SharedTier,
    { clock, scheduler, report }: { clock: Clock; scheduler: Scheduler; report: (failure: unknown) => void },
    isDoubtful: boolean,
  ) {
    this.#tier = tier;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#report = report;
    tier.onReconnected(() => this.reconnected());
    this.#isToRaise = isDoubtful;
    if (isDoubtful) void this.#raise();
  }

  get isUsable(): boolean {
    return !this.#isRaising && this.#clock.monotonicMs() >= this.#pausedUntil;
  }

  /** Null where the tier could not say. */
  async get(namespace: CacheNamespace, key: string, refresh: boolean): Promise<SharedGet | null> {
    return this.isUsable ? this.attempt(() => this.#tier.get(namespace, key, refresh)) : null;
  }

  async fill(namespace: CacheNamespace, key: string, lease: Lease, text: string): Promise<void> {
    if (this.isUsable) await this.attempt(() => this.#tier.fill(namespace, key, lease, text));
  }

  close(): void {
    this.#isClosed = true;
  }

  protected reconnected(): void {
    // What was raised before this connection was lost says nothing of what came after.
    this.#isToRaise = true;
    if (!this.#isRaising) void this.#raise();
  }

  /** What was deleted while the connection was lost is not known, so nothing in the tier counts any more. */
  async #raise(): Promise<void> {
    this.#isRaising = true;
    while (this.#isToRaise && !this.#isClosed) {
      this.#isToRaise = false;
      if ((await this.attempt(() => this.#tier.raiseEpochs().then(() => true))) !== null) continue;
      this.#isToRaise = true;
      await this.#scheduler.sleep(CACHE_LIMITS.tierPauseMs);
    }
    this.#isRaising = false;
  }

  protected async attempt<T>(call: () => Promise<T>): Promise<T | null> {
    try {
      return await within(
        this.#scheduler,
        CACHE_LIMITS.tierCallMs,
        call,
        () => new TierUnreachable(`no answer within ${CACHE_LIMITS.tierCallMs} ms`),
      );
    } catch (failure) {
      this.#pausedUntil = this.#clock.monotonicMs() + CACHE_LIMITS.tierPauseMs;
      this.#report(failure);
      return null;
    }
  }
}
