/** What can be made to fail. */
export type DiskAct = 'create' | 'append' | 'sync' | 'truncate' | 'rename' | 'link' | 'unlink' | 'syncFolder';

/** The failure of a disk, with the system's code. */
export class FakeDiskError extends Error {
  override readonly name = 'FakeDiskError';
  readonly code: string;

  constructor(code: string, act: string, path: string) {
    super(`${code}: ${act} ${path}`);
    this.code = code;
  }
}

interface Fault {
  readonly act: DiskAct;
  readonly path: RegExp;
  readonly code: string;
  left: number;
}

/** Which acts of a disk fail, and when its power goes. */
export class FakeDiskFaults {
  readonly #faults: Fault[] = [];
  #acts = 0;
  #actsLeft = Number.POSITIVE_INFINITY;

  /** Acts that were begun so far. */
  get acts(): number {
    return this.#acts;
  }

  get isWithoutPower(): boolean {
    return this.#actsLeft <= 0;
  }

  /** Whether an act was begun after the one in whose middle the power went. */
  get isPastPower(): boolean {
    return this.#actsLeft < 0;
  }

  add(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** The power goes in the middle of the `acts`-th act from now on; at once with 0. */
  cutPowerIn(acts: number): void {
    this.#actsLeft = acts;
  }

  /** Counts the act. @throws FakeDiskError when it fails, or the power goes in it or is gone */
  begin(act: DiskAct, path: string): void {
    this.#acts += 1;
    this.#actsLeft -= 1;
    if (this.isWithoutPower) throw new FakeDiskError('ECRASHED', act, path);
    const fault = this.#faults.find((each) => each.act === act && each.path.test(path) && each.left > 0);
    if (fault === undefined) return;
    fault.left -= 1;
    throw new FakeDiskError(fault.code, act, path);
  }
}
