import type { Instant, Transaction } from '#libs/kernel';
import { MANUAL_START } from '#libs/platform/testing';

/** A transaction for decisions alone: versions follow `after`, ids count. */
export class PlainTransaction implements Transaction {
  readonly at: Instant;
  #version: number;
  #ids = 0;

  constructor({ at = MANUAL_START, after = 100 }: { readonly at?: Instant; readonly after?: number } = {}) {
    this.at = at;
    this.#version = after;
  }

  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  newId(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }
}
