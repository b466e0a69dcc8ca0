import type { Instant } from '#libs/kernel';
import { CACHE_LIMITS, type CacheNamespace, HARD_MS, refreshAheadMs } from './namespaces.ts';
import type { Invalidation } from './shared-tier.ts';
import type { SpacePorts, SpaceStats } from './space-ports.ts';

/** What a result was made of: it counts for just that, and not beyond the first instant at which that changes. */
export interface DerivedFrom {
  readonly versions: readonly number[];
  /** On the wall clock, as `endsAt`. */
  readonly at: Instant;
  readonly endsAt: Instant;
}

export interface DerivedOptions<From> {
  readonly namespace: CacheNamespace;
  /** What it is told of by. Asked for at its end, so that no use of it makes a text. */
  keyOf(group: string, member: string, from: From): string;
}

interface Result<T, From> {
  readonly group: string;
  readonly member: string;
  readonly from: From;
  readonly value: T;
  /** On the replica's monotonic clock. */
  readonly softAt: number;
  readonly hardAt: number;
}

/**
 * Results of work that depends on entries of known versions. They need no deletion and are not shared: whoever has the
 * entries has the result sooner by the work itself than from another process. Past the soft end whoever asks first
 * does the work anew.
 */
export class Derived<T, From extends DerivedFrom = DerivedFrom> {
  readonly namespace: CacheNamespace;
  readonly #options: DerivedOptions<From>;
  readonly #ports: Pick<SpacePorts, 'clock' | 'isListening' | 'onExpired' | 'bounds'>;
  readonly #groups = new Map<string, Map<string, Result<T, From>>>();
  /** Oldest first. */
  readonly #all = new Set<Result<T, From>>();
  readonly #counts = { hit: 0, miss: 0 };

  constructor(
    options: DerivedOptions<From>,
    ports: Pick<SpacePorts, 'clock' | 'isListening' | 'onExpired' | 'bounds'>,
  ) {
    this.namespace = options.namespace;
    this.#options = options;
    this.#ports = ports;
  }

  get stats(): SpaceStats {
    return { ...this.#counts, stale: 0, uncached: 0, foreign: 0, forgotten: 0, entries: this.#all.size };
  }

  /**
   * What `derive` gave for just these inputs, or gives now.
   * @param now the replica's monotonic clock, read once for all reads of a request
   */
  of(group: string, member: string, now: number, from: From, derive: () => T): T {
    const kept = this.#groups.get(group)?.get(member);
    if (kept !== undefined && this.#ports.isListening() && now < kept.softAt && this.counts(kept.from, from)) {
      this.#counts.hit += 1;
      return kept.value;
    }
    this.#counts.miss += 1;
    const value = derive();
    if (kept !== undefined) this.#drop(kept);
    if (this.#ports.isListening()) this.#keep({ group, member, from, value, ...this.#ends(now) });
    return value;
  }

  /** Nothing of one subject or flag can be told from the rest by what it is kept under. */
  invalidate(_message: Invalidation): void {
    this.flush();
  }

  flush(): void {
    this.#groups.clear();
    this.#all.clear();
  }

  /** Lets go what is past its end: true where that is more than one look may. */
  tick(): boolean {
    const now = this.#ports.clock.monotonicMs();
    let left: number = CACHE_LIMITS.lookActs;
    for (const kept of this.#all) {
      // All live equally long, so the oldest end first.
      if (now < kept.hardAt) break;
      if (left === 0) return true;
      left -= 1;
      this.#drop(kept);
      const { group, member, from } = kept;
      this.#ports.onExpired(this.namespace, this.#options.keyOf(group, member, from), from.versions[0] ?? 0);
    }
    return false;
  }

  /** A result is used with no other inputs than its own, nor at an instant that it says nothing of. */
  protected counts(kept: DerivedFrom, from: DerivedFrom): boolean {
    return (
      kept.versions.length === from.versions.length &&
      kept.versions.every((version, index) => version === from.versions[index]) &&
      from.at >= kept.at &&
      from.at < kept.endsAt
    );
  }

  #ends(now: number): { readonly softAt: number; readonly hardAt: number } {
    const hardAt = now + HARD_MS[this.namespace];
    return { softAt: hardAt - refreshAheadMs(this.namespace), hardAt };
  }

  #keep(result: Result<T, From>): void {
    if (result.group.length + result.member.length > CACHE_LIMITS.keyLength) return;
    for (const oldest of this.#all) {
      if (this.#all.size < this.#ports.bounds.entries) break;
      this.#drop(oldest);
    }
    this.#all.add(result);
    const members = this.#groups.get(result.group);
    if (members === undefined) this.#groups.set(result.group, new Map([[result.member, result]]));
    else members.set(result.member, result);
  }

  #drop(result: Result<T, From>): void {
    this.#all.delete(result);
    const members = this.#groups.get(result.group);
    members?.delete(result.member);
    if (members?.size === 0) this.#groups.delete(result.group);
  }
}
