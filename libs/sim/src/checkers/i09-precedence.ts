import { isDeepStrictEqual } from 'node:util';
import type { Flag, HeldOverride } from '#libs/flags';
import { isRecord, parseInstant } from '#libs/kernel';
import type { Derivation, InputRead } from '../watch/seen.ts';
import type { Version } from '../watch/ledger.ts';
import { Checker } from './checker.ts';
import { textOf } from './fields.ts';

/**
 * What is read says what was committed under its version, and a derived entry is used with no other inputs than its own:
 * it says what the rules say of those in hand.
 */
export class PrecedenceHolds extends Checker {
  readonly id = 'I9';
  /** What was read, with the version that it was found to say: a cached entry is compared once. */
  readonly #known = new WeakMap<Flag | HeldOverride, Version>();

  read({ replica, key, version, value }: InputRead): void {
    this.check(
      this.#isCommitted(key, version, value),
      () => `version ${version} was read as ${JSON.stringify(value)}, and committed as something else`,
      { replica, key },
    );
  }

  derived({ replica, flagKey, given, expected }: Derivation): void {
    this.check(
      JSON.stringify(given) === JSON.stringify(expected),
      () => `it gave ${JSON.stringify(given)}, and its inputs give ${JSON.stringify(expected)}`,
      { replica, key: flagKey },
    );
  }

  #isCommitted(key: string, version: number, value: Flag | HeldOverride | null): boolean {
    const committed = this.ledger.committedAs(key, version);
    if (value === null) return committed === undefined ? version === 0 : committed.row === null;
    if (committed === undefined) return false;
    if (this.#known.get(value) === committed) return true;
    if (!says(value, committed.row)) return false;
    this.#known.set(value, committed);
    return true;
  }
}

function says(value: Flag | HeldOverride, row: unknown): boolean {
  if (!('endsAt' in value)) return isDeepStrictEqual(value, row);
  return isDeepStrictEqual(value.override, row) && value.endsAt === endOf(row);
}

/** When an override's row says that it ends; Infinity where it does not. */
export function endOf(row: unknown): number | null {
  const end = isRecord(row) ? row['expires_at'] : null;
  return end === null ? Infinity : parseInstant(textOf(end));
}
