import type { Decision, Origin, Transaction } from '#libs/kernel';
import type { Flag } from '../domain/flag.ts';
import type { HeldOverride, Override, OverrideKey, OverrideScope } from '../domain/override.ts';
import type { OverrideState } from '../domain/set-override.ts';
import type { Awaitable } from './awaitable.ts';
import type { RowsByKey } from '../domain/rows.ts';
import type { Stored } from './stored.ts';

/** Whose overrides, or of which flag. */
export type OverrideFilter =
  | { readonly scope: OverrideScope; readonly subjectId: string }
  | { readonly flagKey: string };

/** Where tenant and user overrides are kept. Expired ones are kept too: who reads decides. */
export abstract class OverrideStore {
  abstract read(flagKey: string, scope: OverrideScope, subjectId: string): Awaitable<Stored<HeldOverride>>;
  /** In the order of their row keys (UTF-16). */
  abstract list(filter: OverrideFilter): Awaitable<readonly Override[]>;
  /** True until anything was ever written. */
  abstract isUntouched(): Awaitable<boolean>;
  /**
   * Decides over the newest state of one override and commits the whole decision, or nothing of it.
   * @throws PttError store_unavailable, store_overloaded, and what `decide` throws
   */
  abstract change<Answer>(
    key: OverrideKey,
    origin: Origin,
    decide: (state: OverrideState, tx: Transaction) => Decision<Override, Answer>,
  ): Promise<Answer>;
  /** The same over all overrides, by row key, and all flags. */
  abstract changeAll<Answer>(
    origin: Origin,
    decide: (overrides: RowsByKey<Override>, flags: RowsByKey<Flag>, tx: Transaction) => Decision<Override, Answer>,
  ): Promise<Answer>;
}
