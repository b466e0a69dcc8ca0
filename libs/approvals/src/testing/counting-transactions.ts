import type { Instant, Transaction } from '#libs/kernel';

/** Transactions whose versions rise over all of them and whose ids count. */
export class CountingTransactions {
  #version = 0;
  #ids = 0;

  constructor(version = 0) {
    this.#version = version;
  }

  /** The last version given. */
  get version(): number {
    return this.#version;
  }

  at(at: Instant): Transaction {
    return {
      at,
      nextVersion: () => {
        this.#version += 1;
        return this.#version;
      },
      newId: () => {
        this.#ids += 1;
        return `00000000-0000-7000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
      },
    };
  }
}
