// What the tests import from '@jest/globals', on mocha. Jest itself loads a test file anew for each mutant, seconds of
// it, while mocha loads all once and lets the mutants change places between runs. `expect` and `each` are Jest's own.
import { bind } from 'jest-each';

export { expect } from 'expect';

/** mocha hands its functions out anew for each file, as globals, so that a test knows the file it is in. */
const declare = (name) => {
  const register = (title, run) => globalThis[name](title, run);
  return Object.assign(register, { each: bind(register, name === 'it') });
};

export const describe = declare('describe');
export const it = declare('it');
export const beforeAll = (run) => globalThis.before(run);
export const afterAll = (run) => globalThis.after(run);
export const beforeEach = (run) => globalThis.beforeEach(run);
export const afterEach = (run) => globalThis.afterEach(run);
