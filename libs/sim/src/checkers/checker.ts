import type { Ledger } from '../watch/ledger.ts';
import type { Witness } from '../watch/seen.ts';
import type { World } from '../run/world.ts';

/** A promise that did not hold. */
export interface Violation {
  readonly invariant: string;
  /** Milliseconds since the world began. */
  readonly at: number;
  readonly replica: string | null;
  readonly key: string | null;
  readonly detail: string;
}

export type Report = (violation: Violation) => void;

/** One promise, held against what happens. It counts how often it could have found something. */
export abstract class Checker implements Witness {
  /** Such as `I2`. */
  abstract readonly id: string;
  checks = 0;
  protected readonly world: World;
  readonly #report: Report;

  constructor(world: World, report: Report) {
    this.world = world;
    this.#report = report;
  }

  /** What can be asked only when all is quiet again. */
  end(): Promise<void> | void {}

  protected get ledger(): Ledger {
    return this.world.ledger;
  }

  protected get now(): number {
    return this.world.time.now;
  }

  /** Counts one check. @param holds where it does not, the run has failed */
  protected check(
    holds: boolean,
    detail: () => string,
    where: { readonly replica?: string; readonly key?: string } = {},
  ): void {
    this.checks += 1;
    if (holds) return;
    const { replica = null, key = null } = where;
    this.#report({ invariant: this.id, at: this.now, replica, key, detail: detail() });
  }
}
