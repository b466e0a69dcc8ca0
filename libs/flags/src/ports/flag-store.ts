import type { Decision, Fault, Origin, Transaction } from '#libs/kernel';
import type { Flag } from '../domain/flag.ts';
import type { Awaitable } from './awaitable.ts';
import type { RowsByKey } from '../domain/rows.ts';
import type { Stored } from './stored.ts';

/** What became of reading the registry again from where it is kept. */
export type Reread =
  | { readonly kind: 'read' }
  /** What is there cannot be served: the registry is as it was. */
  | { readonly kind: 'rejected'; readonly detail: string; readonly faults: readonly Fault[] };

/** Where definitions are kept. */
export abstract class FlagStore {
  /** Lets the store notice what somebody else wrote; before every read that no cache answers. */
  abstract look(): Awaitable<void>;
  abstract read(key: string): Awaitable<Stored<Flag>>;
  /** All flags, in the order of their keys (UTF-16). */
  abstract list(): Awaitable<readonly Flag[]>;
  /** True until anything was ever written; a registry that was emptied is not untouched. */
  abstract isUntouched(): Awaitable<boolean>;
  /**
   * Decides over the newest definitions and commits the whole decision, or nothing of it.
   * Also for decisions that change no definition and only leave a record or a message.
   * @throws PttError store_unavailable, store_overloaded, and what `decide` throws
   */
  abstract changeRegistry<Answer>(
    origin: Origin,
    decide: (flags: RowsByKey<Flag>, tx: Transaction) => Decision<Flag, Answer>,
  ): Promise<Answer>;
  /**
   * Reads the registry again, and says why when what is found cannot be served.
   * @param rows those that Admin has: what is found is refused as a whole where a gated flag names another; null: any
   */
  abstract reread(rows: ReadonlySet<string> | null): Promise<Reread>;
}
