import { type ProcessIdentity, Processes } from '../disk/index.ts';

/** The processes of a machine that exists in a test only; each object speaks for one of them. */
export class FakeProcesses extends Processes {
  readonly #alive: Map<string, boolean>;
  readonly #self: ProcessIdentity;

  constructor(pid = 1, alive = new Map<string, boolean>()) {
    super();
    this.#alive = alive;
    this.#self = { pid, incarnation: `start-${alive.size}` };
    alive.set(this.#nameOf(this.#self), true);
  }

  /** Another process of the same machine. */
  spawn(pid: number): FakeProcesses {
    return new FakeProcesses(pid, this.#alive);
  }

  /** Ends this one as kill -9 does: nothing of it runs any more. */
  kill(): void {
    this.#alive.set(this.#nameOf(this.#self), false);
  }

  self(): ProcessIdentity {
    return this.#self;
  }

  isAlive(identity: ProcessIdentity): boolean {
    return this.#alive.get(this.#nameOf(identity)) === true;
  }

  #nameOf({ pid, incarnation }: ProcessIdentity): string {
    return `${pid} ${incarnation}`;
  }
}
