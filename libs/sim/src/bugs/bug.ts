import { invariant } from '#libs/kernel';

/** A fault of the protocol that can be planted, and what must find it. */
export interface Bug {
  /** As `--bug` takes it. */
  readonly id: string;
  /** The checker that must find it. */
  readonly invariant: string;
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** Where its class's own tests are: they pass with it planted, or it would not need a simulator. */
  readonly tests: readonly string[];
  /** @returns what takes it out again */
  readonly plant: () => () => void;
}

type Class = abstract new (...words: never[]) => object;

/**
 * Has every object of a class, those that are there already too, do what a class derived from it does: its methods take
 * the place of the class's own. `super` is what was there. Nothing of the derived class is ever made, so it has no fields.
 * @returns what puts everything back
 */
export function overlaid(base: Class, derived: Class): () => void {
  const below = prototypeOf(base);
  const above = prototypeOf(derived);
  invariant(Object.getPrototypeOf(above) === below, `${derived.name} is derived from ${base.name}`);
  const replaced = {};
  Object.setPrototypeOf(replaced, below);
  for (const name of Reflect.ownKeys(above)) {
    if (name === 'constructor') continue;
    const method = Object.getOwnPropertyDescriptor(above, name);
    const own = Object.getOwnPropertyDescriptor(below, name);
    invariant(method !== undefined && own !== undefined, `${base.name} itself has ${String(name)}`);
    Object.defineProperty(replaced, name, own);
    Object.defineProperty(below, name, method);
  }
  Object.setPrototypeOf(above, replaced);
  return () => {
    for (const name of Reflect.ownKeys(replaced)) {
      const own = Object.getOwnPropertyDescriptor(replaced, name);
      if (own !== undefined) Object.defineProperty(below, name, own);
    }
  };
}

/** Several at once. */
export function together(...undos: readonly (() => void)[]): () => void {
  return () => {
    for (const undo of undos.toReversed()) undo();
  };
}

function prototypeOf({ prototype, name }: { readonly prototype: unknown; readonly name: string }): object {
  invariant(typeof prototype === 'object' && prototype !== null, `${name} is a class`);
  return prototype;
}
