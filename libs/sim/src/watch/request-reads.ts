import type { Clock } from '#libs/kernel';

/** A definition, or an override of the subject that is asked for. */
export interface RequestRead {
  readonly layer: 'flag' | 'tenant' | 'user';
  readonly flagKey: string;
  /** Null of a definition. */
  readonly subjectId: string | null;
  /** The cache key. */
  readonly key: string;
}

/** What one request has read, and when: what its answers have to follow from. */
export class RequestReads {
  /** What the process's wall clock said whenever a read began or ended, in that order. */
  readonly instants: number[] = [];
  readonly #clock: Pick<Clock, 'now'>;
  readonly #reads: { readonly what: RequestRead; readonly version: number }[] = [];

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Takes note of the instant. */
  look(): void {
    const now = this.#clock.now();
    if (now !== this.instants.at(-1)) this.instants.push(now);
  }

  note(what: RequestRead, version: number): void {
    this.#reads.push({ what, version });
    this.look();
  }

  /** The last read of the one, with the version that it gave; undefined where it was not read. */
  of(layer: RequestRead['layer'], flagKey: string) {
    return this.#reads.findLast(({ what }) => what.layer === layer && what.flagKey === flagKey);
  }
}
