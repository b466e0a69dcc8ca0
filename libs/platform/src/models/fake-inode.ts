import type { SeededRandom } from './seeded.ts';

type Act = { readonly append: Uint8Array } | { readonly truncate: number };

/** One in so many torn writes leaves zeros where its lost bytes would be: the size was safe and the data was not. */
const ZEROS_IN = 4;

/** A file without its name: what was done to it, and how much of that is safe. */
export class FakeInode {
  readonly ino: bigint;
  readonly #acts: Act[] = [];
  #safeActs = 0;
  #bytes = new Uint8Array(256);
  #size = 0;
  mtimeNs = 0n;

  constructor(ino: bigint, safe: Uint8Array = new Uint8Array()) {
    this.ino = ino;
    this.append(safe);
    this.sync();
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  append(given: Uint8Array): void {
    const added = given.slice();
    this.#acts.push({ append: added });
    const size = this.#size + added.length;
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(size * 2);
      grown.set(this.bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(added, this.#size);
    this.#size = size;
  }

  truncate(size: number): void {
    this.#acts.push({ truncate: size });
    this.#size = Math.min(this.#size, size);
  }

  sync(): void {
    this.#safeActs = this.#acts.length;
  }

  /** What is left when the power goes: all that is safe, and of the rest as much as chance wants. */
  survivor(random: SeededRandom): FakeInode {
    const left = new FakeInode(this.ino);
    left.mtimeNs = this.mtimeNs;
    const whole = this.#safeActs + random.below(this.#acts.length - this.#safeActs + 1);
    for (const act of this.#acts.slice(0, whole)) left.#redo(act);
    const torn = this.#acts[whole];
    if (torn !== undefined && 'append' in torn) {
      const kept = random.below(torn.append.length + 1);
      left.append(torn.append.subarray(0, kept));
      if (random.below(ZEROS_IN) === 0) left.append(new Uint8Array(torn.append.length - kept));
    }
    left.sync();
    return left;
  }

  #redo(act: Act): void {
    if ('append' in act) this.append(act.append);
    else this.truncate(act.truncate);
  }
}
