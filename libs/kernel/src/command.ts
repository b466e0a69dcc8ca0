import type { Scope } from './actor.ts';
import { invariant } from './invariant.ts';
import type { Origin } from './unit-of-work.ts';

/**
 * A change that somebody asks for. One class, one handler, one file.
 * It enters through `execute(command, origin)` only, which checks the scope and stamps who asks.
 */
export abstract class ChangeCommand<Answer> {
  /** Never set: it carries the answer's type to `execute`. */
  declare readonly answer: Answer;
  /** What a verified token must carry. */
  abstract readonly scope: Scope;
  #origin: Origin | undefined;

  get origin(): Origin {
    invariant(this.#origin !== undefined, `${this.constructor.name} enters through execute(command, origin)`);
    return this.#origin;
  }

  /** Called once, by `execute`. */
  actFor(origin: Origin): this {
    invariant(this.#origin === undefined, `${this.constructor.name} is executed once`);
    this.#origin = origin;
    return this;
  }
}
