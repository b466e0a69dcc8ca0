const PRIME = 0x01000193;
const SALT = 0x9e3779b1;

const view = new DataView(new ArrayBuffer(8));

/** A digest of everything that happened, in order: cheap enough for every event, and equal only for equal runs. */
export class RollingHash {
  #low = 0x811c9dc5 | 0;
  #high = 0x2545f491 | 0;

  get low(): number {
    return this.#low >>> 0;
  }

  /** Whole numbers and fractions alike. */
  number(value: number): void {
    view.setFloat64(0, value);
    this.#mix(view.getInt32(0));
    this.#mix(view.getInt32(4));
  }

  text(value: string): void {
    for (let at = 0; at < value.length; at += 1) this.#mix(value.charCodeAt(at));
    this.#mix(value.length);
  }

  /** 16 lower-case hexadecimal digits. */
  hex(): string {
    return [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #mix(value: number): void {
    this.#low = Math.imul(this.#low ^ value, PRIME);
    this.#low ^= this.#low >>> 15;
    this.#high = Math.imul(this.#high ^ this.#low ^ (value >>> 7), SALT);
    this.#high ^= this.#high >>> 13;
  }
}
