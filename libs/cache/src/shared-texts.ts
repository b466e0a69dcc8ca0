import type { Clock, JsonValue, Scheduler } from '#libs/kernel';
import { type Codec, readEntry, writeEntry } from './entry.ts';
import { type CacheNamespace, HARD_MS } from './namespaces.ts';
import type { Lease, SharedTier } from './shared-tier.ts';
import type { SpaceStats } from './space-ports.ts';
import { TierAccess } from './tier-access.ts';

export interface SharedTextsPorts {
  readonly tier: SharedTier;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Told why the tier was not reached or a text not replaced, for the log: callers are answered all the same. */
  readonly report: (failure: unknown) => void;
  /** As the cache's: what is shared may be older than what was told of it. False when not given. */
  readonly isTierDoubtful?: boolean;
}

/** A text and how old it was when it was asked for, at the most. In milliseconds. */
export interface AgedText {
  readonly text: string;
  readonly ageMs: number;
}

export interface TextWanted {
  /** 0 passes by what is shared. */
  readonly youngerThanMs: number;
  /** Whether a text is one of these, whoever put it there. */
  readonly isWhole: (text: string) => boolean;
  /** Reads it where it comes from. */
  readonly load: () => Promise<string>;
}

/** Nobody numbers these texts: of two, their age tells which is newer. */
const UNNUMBERED = 0;

/**
 * Texts that replicas share and that each of them keeps in its own way. Of the tier's protocol this has the lease, the
 * age and the epoch; a tier that is away, slow or holds what is none of ours is a miss. Whoever has the lease reads the
 * text where it comes from, though it were content with what is shared: nobody else may until the lease runs out.
 */
export class SharedTexts {
  readonly namespace: CacheNamespace;
  readonly #access: TierAccess;
  readonly #report: (failure: unknown) => void;
  readonly #counts = { hit: 0, miss: 0, stale: 0, uncached: 0, foreign: 0, forgotten: 0, entries: 0 };

  constructor(namespace: CacheNamespace, { tier, clock, scheduler, report, isTierDoubtful = false }: SharedTextsPorts) {
    this.namespace = namespace;
    this.#report = report;
    this.#access = new TierAccess(tier, { clock, scheduler, report }, isTierDoubtful);
  }

  get stats(): SpaceStats {
    return { ...this.#counts };
  }

  /** @throws what `load` throws, and nothing else */
  async read(key: string, wanted: TextWanted): Promise<AgedText> {
    // Whoever knows one already wants the next: leave to fill it is asked for where the shared one is past its soft end.
    const isRefresh = wanted.youngerThanMs < HARD_MS[this.namespace];
    const shared = await this.#access.get(this.namespace, key, isRefresh);
    const kept = shared?.kind === 'entry' ? this.#kept(key, shared, wanted) : null;
    const lease = shared === null || shared.kind === 'leased' ? null : shared.lease;
    if (kept !== null && lease === null) {
      this.#counts.hit += 1;
      return kept;
    }
    this.#counts[shared === null ? 'uncached' : 'miss'] += 1;
    try {
      return await this.#load(key, lease, wanted);
    } catch (failure) {
      if (kept === null) throw failure;
      this.#report(failure);
      return kept;
    }
  }

  /** What is shared, where it is one of these and young enough. */
  #kept(
    key: string,
    { text, leftMs }: { readonly text: string; readonly leftMs: number },
    { youngerThanMs, isWhole }: TextWanted,
  ): AgedText | null {
    const ageMs = Math.max(0, HARD_MS[this.namespace] - leftMs);
    if (ageMs >= youngerThanMs) return null;
    const entry = readEntry(key, text, codecOf(isWhole));
    if (entry !== null && entry.value !== null) return { text: entry.value, ageMs };
    this.#counts.foreign += 1;
    return null;
  }

  async #load(key: string, lease: Lease | null, { isWhole, load }: TextWanted): Promise<AgedText> {
    const text = await load();
    if (lease !== null) {
      const filled = writeEntry(key, { value: text, version: UNNUMBERED }, codecOf(isWhole));
      void this.#access.fill(this.namespace, key, lease, filled);
    }
    return { text, ageMs: 0 };
  }

  close(): void {
    this.#access.close();
  }
}

function codecOf(isWhole: (text: string) => boolean): Codec<string> {
  return {
    write: (text) => text,
    read: (json: JsonValue) => {
      if (typeof json === 'string' && isWhole(json)) return json;
      throw new TypeError('not one of these texts');
    },
  };
}
