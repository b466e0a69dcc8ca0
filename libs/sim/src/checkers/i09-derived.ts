import type { Derivation } from '../watch/seen.ts';
import { Checker } from './checker.ts';

/** A derived entry is used with no other inputs than its own: it says what the rules say of those in hand. */
export class DerivedFromItsOwn extends Checker {
  readonly id = 'I9';

  derived({ replica, flagKey, given, expected }: Derivation): void {
    this.check(
      JSON.stringify(given) === JSON.stringify(expected),
      () => `it gave ${JSON.stringify(given)}, and its inputs give ${JSON.stringify(expected)}`,
      { replica, key: flagKey },
    );
  }
}
