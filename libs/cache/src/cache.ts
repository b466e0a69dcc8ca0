import type { Cancel, Clock, Scheduler } from '#libs/kernel';
import { Derived, type DerivedFrom, type DerivedOptions } from './derived.ts';
import { CACHE_LIMITS } from './namespaces.ts';
import type { Invalidation, SharedTier } from './shared-tier.ts';
import { Space } from './space.ts';
import type { CacheBounds, OnExpired, SpaceOptions, SpacePorts } from './space-ports.ts';
import { TierAccess } from './tier-access.ts';

export interface CachePorts {
  readonly tier: SharedTier;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Told why a tier was not reached or a refresh failed, for the log: callers are answered all the same. */
  readonly report: (failure: unknown) => void;
  /**
   * True where the tier is older than the process, and a process before it may have died with changes that it had not
   * told of: then nothing in the tier counts. False when not given.
   */
  readonly isTierDoubtful?: boolean;
  /** Those of `CACHE_LIMITS` when not given. */
  readonly bounds?: CacheBounds;
}

/** One kind of what is kept. */
type Kept = Counted & Pick<Space<unknown>, 'invalidate' | 'flush' | 'tick'>;
/** What tells how it was read. */
type Counted = Pick<Space<unknown>, 'namespace' | 'stats'>;

/** One replica's cache: its spaces, and what the bus tells them. */
export class Cache {
  readonly #access: TierAccess;
  readonly #ports: SpacePorts;
  readonly #spaces: Kept[] = [];
  readonly #counted: Counted[] = [];
  readonly #cancel: Cancel;
  /** Of spaces that one look was not enough for. */
  readonly #goingOn = new Map<Kept, Cancel>();
  #isListening = true;
  #onExpired: OnExpired = () => undefined;

  constructor({ tier, clock, scheduler, report, isTierDoubtful = false, bounds = CACHE_LIMITS }: CachePorts) {
    this.#access = new TierAccess(tier, { clock, scheduler, report }, isTierDoubtful);
    this.#ports = {
      tier: this.#access,
      clock,
      scheduler,
      bounds,
      isListening: () => this.#isListening,
      onExpired: (...expired) => this.#onExpired(...expired),
      report,
    };
    this.#cancel = scheduler.every(CACHE_LIMITS.tickMs, () => {
      for (const space of this.#spaces) if (!this.#goingOn.has(space)) this.#look(space);
    });
  }

  /** False while the shared tier is not reached: then the store answers, and callers are warned. */
  get isAvailable(): boolean {
    return this.#access.isUsable;
  }

  get spaces(): readonly Counted[] {
    return [...this.#spaces, ...this.#counted];
  }

  /** Counts among its spaces what others read through the same tier. */
  counts(others: Counted): void {
    this.#counted.push(others);
  }

  /** Calls back for each entry that is let go since its hard TTL is over (trigger `ttl_expiry`). */
  onExpired(listener: OnExpired): void {
    this.#onExpired = listener;
  }

  space<T>(options: SpaceOptions<T>): Space<T> {
    const space = this.makeSpace(options, this.#ports);
    this.#spaces.push(space);
    return space;
  }

  /** Results of this replica's own work on entries. */
  derived<T, From extends DerivedFrom = DerivedFrom>(options: DerivedOptions<From>): Derived<T, From> {
    const derived = this.makeDerived<T, From>(options, this.#ports);
    this.#spaces.push(derived);
    return derived;
  }

  /** A message of the bus, or what this replica has just committed, before its caller is answered. */
  onInvalidate(message: Invalidation): void {
    for (const space of this.#spaces) if (space.namespace === message.namespace) space.invalidate(message);
  }

  /** Messages may be missed from now on. */
  onSubscriptionBreak(): void {
    this.#isListening = false;
  }

  /** The new subscription was acknowledged: what came in between is unknown. */
  onSubscriptionRestored(): void {
    for (const space of this.#spaces) space.flush();
    this.#isListening = true;
  }

  protected makeSpace<T>(options: SpaceOptions<T>, ports: SpacePorts): Space<T> {
    return new Space(options, ports);
  }

  protected makeDerived<T, From extends DerivedFrom>(
    options: DerivedOptions<From>,
    ports: SpacePorts,
  ): Derived<T, From> {
    return new Derived<T, From>(options, ports);
  }

  close(): void {
    this.#cancel();
    for (const cancel of this.#goingOn.values()) cancel();
    this.#access.close();
  }

  #look(space: Kept): void {
    this.#goingOn.delete(space);
    if (!space.tick()) return;
    this.#goingOn.set(
      space,
      this.#ports.scheduler.after(CACHE_LIMITS.lookPauseMs, () => this.#look(space)),
    );
  }
}
