import type { Evaluation } from '../domain/evaluation.ts';
import type { Flag } from '../domain/flag.ts';
import type { HeldOverride, OverrideScope } from '../domain/override.ts';
import type { Awaitable } from '../ports/awaitable.ts';
import { type DerivedFrom, FlagInputs, type InputReader } from '../ports/flag-inputs.ts';
import type { FlagStore } from '../ports/flag-store.ts';
import type { OverrideStore } from '../ports/override-store.ts';
import type { Stored } from '../ports/stored.ts';

/** With no cache: every request looks at the store. */
export class StoreInputs extends FlagInputs implements InputReader {
  readonly warnings: readonly string[] = [];
  readonly cache = 'uncached';

  constructor(
    private readonly flags: FlagStore,
    private readonly overrides: OverrideStore,
  ) {
    super();
  }

  override begin(): Awaitable<InputReader> {
    const looked = this.flags.look();
    return looked instanceof Promise ? looked.then(() => this) : this;
  }

  flag(key: string): Awaitable<Stored<Flag>> {
    return this.flags.read(key);
  }

  override(flagKey: string, scope: OverrideScope, subjectId: string): Awaitable<Stored<HeldOverride>> {
    return this.overrides.read(flagKey, scope, subjectId);
  }

  derived(_from: DerivedFrom, evaluate: () => Evaluation): Evaluation {
    return evaluate();
  }
}
