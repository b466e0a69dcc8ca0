import { invariant } from '#libs/kernel';

let isTaken = false;

/**
 * Puts a clock in the place of the process's own for whatever asks for `Date` without being given a Clock, as libraries
 * do. An instant that is given as a parameter is still that instant.
 * @returns what puts the real one back
 */
export function takeDate(now: () => number): () => void {
  invariant(!isTaken, 'one world runs at a time in a process');
  isTaken = true;
  const real = globalThis.Date;
  const read = (): number => Math.floor(now());
  const virtual: DateConstructor = new Proxy(real, {
    apply: () => new real(read()).toString(),
    construct: (target, words, asked) => {
      const given = words.length === 0 ? [read()] : words;
      const made: unknown = Reflect.construct(target, given, asked === virtual ? target : asked);
      invariant(made instanceof real, 'Date makes a date');
      return made;
    },
    get: (target, name): unknown => (name === 'now' ? read : Reflect.get(target, name)),
  });
  globalThis.Date = virtual;
  return () => {
    globalThis.Date = real;
    isTaken = false;
  };
}
