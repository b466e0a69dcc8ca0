import { Injectable } from '@nestjs/common';
import { type Reason, REASONS } from '../domain/reasons.ts';

/** How often this replica gave each reason. On the path of every evaluation: a number for each, and no label looked up. */
@Injectable()
export class ReasonCounts {
  readonly #counts = new Map<Reason, { given: number }>(REASONS.map((reason) => [reason, { given: 0 }]));

  count(reason: Reason): void {
    const count = this.#counts.get(reason);
    if (count !== undefined) count.given += 1;
  }

  /** Every reason, those that were never given too. */
  all(): readonly { readonly reason: Reason; readonly given: number }[] {
    return [...this.#counts].map(([reason, { given }]) => ({ reason, given }));
  }
}
