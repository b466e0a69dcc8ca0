import type { Chance } from '../chance.ts';

/** A stream of chance for each way between two processes: what happens on one changes nothing on the others. */
export class Ways {
  readonly #root: Chance;
  readonly #streams = new Map<string, Map<string, Chance>>();

  constructor(root: Chance) {
    this.#root = root;
  }

  of(from: string, to: string): Chance {
    return this.#streams.get(from)?.get(to) ?? this.#begin(from, to);
  }

  #begin(from: string, to: string): Chance {
    const stream = this.#root.fork(`${from} to ${to}`);
    const ofSender = this.#streams.get(from) ?? new Map<string, Chance>();
    this.#streams.set(from, ofSender.set(to, stream));
    return stream;
  }
}
