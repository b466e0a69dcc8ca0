import type { Log } from '#libs/platform';

type End = () => Promise<void>;

/** What has to be ended, in the opposite order of its start. */
export class Ends {
  readonly #ends: End[] = [];

  constructor(private readonly log: Log) {}

  add(end: End): void {
    this.#ends.push(end);
  }

  /** Each end is tried once, whatever became of the others. */
  async run(): Promise<void> {
    for (const end of this.#ends.splice(0).toReversed()) {
      try {
        await end();
      } catch (err) {
        this.log.error('a part did not end cleanly', { err });
      }
    }
  }
}
