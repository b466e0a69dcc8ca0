import type { ChainHead } from '#libs/kernel';
import type { LinkFault } from './link.ts';

/** One sound chain, as far as it goes. */
export interface SoundChain {
  readonly source: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly lastHash: string;
  readonly count: number;
}

export type Alteration =
  | Exclude<LinkFault, 'sequence_ahead'>
  /** Not the five members of a chained envelope, each of its type. */
  | 'malformed'
  /** The event says another source than the chain it is in. */
  | 'foreign_source'
  /** The missing record comes later. */
  | 'reordered'
  /** The chain is whole, but not the one whose head was expected: it was made anew. */
  | 'head_mismatch'
  /** The file below does not hold what was written to it. */
  | 'journal_damaged';

/** What `ptt audit verify` found: all of it sound, or the first thing that is not. */
export type Verification =
  | { readonly kind: 'sound'; readonly sources: readonly SoundChain[] }
  | {
      readonly kind: 'altered';
      readonly what: Alteration;
      readonly source: string | null;
      /** What the record says its sequence is; null where it says none. */
      readonly sequence: number | null;
      readonly detail: string;
    }
  | {
      readonly kind: 'gap';
      readonly source: string;
      /** The first sequence that is missing, and the next one that is there; null when none follows. */
      readonly missing: number;
      readonly next: number | null;
      readonly detail: string;
    }
  | { readonly kind: 'unchecked'; readonly detail: string; readonly cause: unknown };

/** A chain that must be there; with `head`, it must hold that record (it may have grown since). */
export interface ExpectedChain {
  readonly source: string;
  readonly head?: ChainHead;
}

const EXIT_CODES = { sound: 0, altered: 1, gap: 2, unchecked: 3 } as const satisfies Record<
  Verification['kind'],
  number
>;

/** What the command line ends with: 0 sound, 1 altered, 2 gap or missing, 3 could not check. */
export function exitCodeOf({ kind }: Verification): 0 | 1 | 2 | 3 {
  return EXIT_CODES[kind];
}
