import { CACHE_LIMITS } from './namespaces.ts';

/** The highest version that this replica heard of or read, by key. They outlive entries: that is what they are for. */
export class Fences {
  readonly #versions = new Map<string, number>();
  readonly #isHeld: (key: string) => boolean;
  readonly #onForgotten: () => void;

  /**
   * @param isHeld whether a key's fence has to stay: what is being loaded is held against it
   * @param onForgotten one had to go for want of room: what is shared may now be older than what was seen
   */
  constructor(isHeld: (key: string) => boolean, onForgotten: () => void) {
    this.#isHeld = isHeld;
    this.#onForgotten = onForgotten;
  }

  /** 0 for a key that nothing is known of. */
  of(key: string): number {
    return this.#versions.get(key) ?? 0;
  }

  raise(key: string, version: number): void {
    if (version <= this.of(key)) return;
    // Raised anew, it is the newest.
    this.#versions.delete(key);
    for (const oldest of this.#versions.keys()) {
      if (this.#versions.size < CACHE_LIMITS.fences) break;
      if (this.#isHeld(oldest)) continue;
      this.#versions.delete(oldest);
      this.#onForgotten();
    }
    this.#versions.set(key, version);
  }
}
