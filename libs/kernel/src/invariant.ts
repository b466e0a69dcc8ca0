/** A programmer's error: nothing a caller did can cause it, and nothing catches it on purpose. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Stops here when what must hold does not. @throws InvariantError */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new InvariantError(what);
}

/** Ends a `switch` over a closed set; the compiler refuses it when a case is missing. */
export function unreachable(value: never): never {
  throw new InvariantError(`no case for ${JSON.stringify(value)}`);
}
