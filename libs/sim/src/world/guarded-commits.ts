import type { Decision, Origin } from '#libs/kernel';
import type { PendingRows, StoreCommits, StoreTransaction, Table } from '#libs/platform';
import type { Chance } from '../chance.ts';
import { isAnswer } from './outages.ts';
import type { SimProcess } from './process.ts';
import type { Site } from './site.ts';

/** A change waits for what it changes, as for a row that somebody else has locked; in milliseconds, in the mean. */
const WAIT_MS = 0.5;

/** A store's commits as a replica sees them: they take a while, and whoever is dead by then goes on with nothing. */
export class GuardedCommits implements StoreCommits {
  readonly #below: StoreCommits;
  readonly #process: SimProcess;
  readonly #site: Site;
  readonly #chance: Chance;

  constructor(below: StoreCommits, process: SimProcess, site: Site) {
    this.#below = below;
    this.#process = process;
    this.#site = site;
    this.#chance = site.chance(`locks ${process.name}`);
  }

  async commit<Row, Answer>(
    table: Table<Row>,
    origin: Origin,
    decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
  ): Promise<Answer> {
    const { life } = this.#process;
    const { time, failed } = this.#site;
    await time.pass(this.#chance.exponential(WAIT_MS), life);
    const committed = this.#below.commit(table, origin, decide);
    // Not every change has a caller who would hear of it: counts of denials are kept for the next time, whatever fails.
    committed.catch((error: unknown) => {
      if (!isAnswer(error)) failed(error);
    });
    return life.guard(committed);
  }
}
