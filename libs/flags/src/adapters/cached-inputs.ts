import { type Cache, type Codec, type Derived, type Read, type Space } from '#libs/cache';
import { type Clock, invariant, type JsonValue } from '#libs/kernel';
import type { Evaluation } from '../domain/evaluation.ts';
import type { Flag } from '../domain/flag.ts';
import { evaluatedCacheKey, flagCacheKey, overrideCacheKey } from '../domain/invalidation.ts';
import { type HeldOverride, heldOverride, type OverrideScope } from '../domain/override.ts';
import { parseOverrideRow } from '../domain/override-document.ts';
import { parseFlagRow } from '../domain/registry-document.ts';
import { type Awaitable, isPending } from '../ports/awaitable.ts';
import { type CacheState, type DerivedFrom, FlagInputs, type InputReader } from '../ports/flag-inputs.ts';
import type { FlagStore } from '../ports/flag-store.ts';
import type { OverrideStore } from '../ports/override-store.ts';
import type { Stored } from '../ports/stored.ts';

const NOTHING: readonly string[] = [];
const UNAVAILABLE: readonly string[] = ['cache_unavailable'];

const FLAG: Codec<Flag> = {
  write: (flag): JsonValue => ({ ...flag }),
  read: (json, version) => ofVersion(parseFlagRow(json), version),
};
const OVERRIDE: Codec<HeldOverride> = {
  write: ({ override }): JsonValue => ({ ...override }),
  read: (json, version) => heldOverride(ofVersion(parseOverrideRow(json), version)),
};

/** A row under another version than its own would raise a fence that no store ever comes up to. */
function ofVersion<Row extends { readonly version: number }>(row: Row, version: number): Row {
  invariant(row.version === version, 'an entry has the version of its row');
  return row;
}

/** Through a replica's cache; the stores are read where it has nothing. */
export class CachedInputs extends FlagInputs {
  readonly #cache: Cache;
  readonly #clock: Clock;
  readonly #spaces: Spaces;

  constructor(cache: Cache, clock: Clock, flags: FlagStore, overrides: OverrideStore) {
    super();
    this.#cache = cache;
    this.#clock = clock;
    const overridesOf = (scope: OverrideScope): Space<HeldOverride> =>
      cache.space({
        namespace: 'override',
        keyOf: (flag_key, subject_id) => overrideCacheKey({ scope, flag_key, subject_id }),
        codec: OVERRIDE,
        load: (flagKey, subjectId) => overrides.read(flagKey, scope, subjectId),
      });
    this.#spaces = {
      flags: cache.space({
        namespace: 'flag',
        keyOf: flagCacheKey,
        codec: FLAG,
        load: (key) => flags.read(key),
      }),
      tenant: overridesOf('tenant'),
      user: overridesOf('user'),
      evaluated: cache.derived({
        namespace: 'evaluated',
        keyOf: (_flagKey, _subject, from) => evaluatedCacheKey(from),
      }),
    };
  }

  override get warnings(): readonly string[] {
    return this.#cache.isAvailable ? NOTHING : UNAVAILABLE;
  }

  override begin(): InputReader {
    return new CachedReader(this.#spaces, this.#clock);
  }
}

interface Spaces extends Readonly<Record<OverrideScope, Space<HeldOverride>>> {
  readonly flags: Space<Flag>;
  readonly evaluated: Derived<Evaluation, DerivedFrom>;
}

/** The worst of what was read counts for all: in this order. */
const RANK: Readonly<Record<CacheState, number>> = { hit: 0, stale: 1, miss: 2, uncached: 3 };

class CachedReader implements InputReader {
  cache: CacheState = 'hit';

  /** Read once for all that is at hand, and anew after what was waited for. */
  #at: number;

  constructor(
    private readonly spaces: Spaces,
    private readonly clock: Clock,
  ) {
    this.#at = clock.monotonicMs();
  }

  flag(key: string): Awaitable<Stored<Flag>> {
    return this.#noted(this.spaces.flags.read(key, '', this.#at));
  }

  override(flagKey: string, scope: OverrideScope, subjectId: string): Awaitable<Stored<HeldOverride>> {
    return this.#noted(this.spaces[scope].read(flagKey, subjectId, this.#at));
  }

  derived(from: DerivedFrom, evaluate: () => Evaluation): Evaluation {
    return this.spaces.evaluated.of(from.flagKey, from.subject, this.#at, from, evaluate);
  }

  #noted<T>(read: Read<T> | Promise<Read<T>>): Awaitable<Read<T>> {
    if (isPending(read)) {
      return read.then((arrived) => {
        this.#at = this.clock.monotonicMs();
        return this.#note(arrived);
      });
    }
    return this.#note(read);
  }

  #note<T>(read: Read<T>): Read<T> {
    if (read.cache !== this.cache && RANK[read.cache] > RANK[this.cache]) this.cache = read.cache;
    return read;
  }
}
