import { CACHE_LIMITS } from './namespaces.ts';
import type { Lease } from './shared-tier.ts';

/** What a tier has under one key. */
export interface Held {
  readonly epoch: number;
  /** Null while nothing was filled. */
  readonly entry: { readonly text: string; readonly endsAt: number } | null;
  /** Whoever may fill; null when nobody may. */
  readonly lease: { readonly token: Lease; readonly endsAt: number } | null;
}

/** Key sets live for an hour, one an issuer: so many of them do not hide the shorter lives behind them. */
const LIVE_SEEN = 16;

/** What a tier in memory holds, the oldest first: bounded by their number and by their characters. */
export class Holdings {
  readonly #byKey = new Map<string, Held>();
  #characters = 0;

  get size(): number {
    return this.#byKey.size;
  }

  /** Of keys and texts. */
  get characters(): number {
    return this.#characters;
  }

  get(key: string): Held | undefined {
    return this.#byKey.get(key);
  }

  /** The oldest first. */
  keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  /** Set anew, it is the newest. What is older goes while there is more than the bounds allow. */
  set(key: string, held: Held): void {
    this.delete(key);
    this.#byKey.set(key, held);
    this.#characters += charactersOf(key, held);
    for (const oldest of this.keys()) {
      if (this.size <= CACHE_LIMITS.tierEntries && this.#characters <= CACHE_LIMITS.tierCharacters) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const held = this.#byKey.get(key);
    if (held === undefined) return;
    this.#byKey.delete(key);
    this.#characters -= charactersOf(key, held);
  }

  /** Lets go what has ended, as far as it is among the oldest: those of one namespace end about in their order. */
  dropEnded(at: number): void {
    let live = 0;
    for (const [key, held] of this.#byKey) {
      if (hasEnded(held, at)) {
        this.delete(key);
        continue;
      }
      live += 1;
      if (live === LIVE_SEEN) return;
    }
  }
}

function hasEnded({ entry, lease }: Held, at: number): boolean {
  return (entry === null || at >= entry.endsAt) && (lease === null || at >= lease.endsAt);
}

function charactersOf(key: string, { entry }: Held): number {
  return key.length + (entry?.text.length ?? 0);
}
