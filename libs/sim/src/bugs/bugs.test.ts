import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkersOf } from '../checkers/index.ts';
import { World } from '../run/world.ts';
import { overlaid, together } from './bug.ts';
import { BUGS } from './index.ts';

class Adder {
  readonly #by: number;

  constructor(by: number) {
    this.#by = by;
  }

  to(value: number): number {
    return this.twice(value + this.#by);
  }

  protected twice(value: number): number {
    return value * 2;
  }
}

class OffByOne extends Adder {
  override to(value: number): number {
    return super.to(value) + 1;
  }
}

class Once extends Adder {
  protected override twice(value: number): number {
    return super.twice(value) / 2;
  }
}

describe('a planted fault', () => {
  it('takes the place of methods, also in what is there already, until it is taken out', () => {
    const adder = new Adder(1);
    const takeOut = together(overlaid(Adder, OffByOne), overlaid(Adder, Once));
    expect([adder.to(2), new Adder(2).to(2)]).toEqual([4, 5]);
    takeOut();
    expect([adder.to(2), new Adder(2).to(2)]).toEqual([6, 8]);
  });

  it('is refused where its class has no such method any more', () => {
    class Renamed extends Adder {
      thrice(value: number): number {
        return 3 * value;
      }
    }
    expect(() => overlaid(Adder, Renamed)).toThrow('Adder itself has thrice');
    expect(() => overlaid(Once, OffByOne)).toThrow('OffByOne is derived from Once');
  });
});

describe('the bug bank', () => {
  it('has at least 25 faults, each of a name of its own, with a checker that there is', () => {
    const checkers = checkersOf(new World(1, { replicas: 1, admins: 1 }), () => undefined).map(({ id }) => id);
    expect(BUGS.length).toBeGreaterThanOrEqual(25);
    expect(new Set(BUGS.map(({ id }) => id)).size).toBe(BUGS.length);
    expect(checkers).toEqual(expect.arrayContaining(BUGS.map(({ invariant }) => invariant)));
  });

  it.each(BUGS)('plants $id and takes it out again', ({ plant }) => {
    const takeOut = plant();
    takeOut();
    expect(plant()).not.toThrow();
  });

  it('is what docs/bug-bank.md lists', () => {
    const table = readFileSync(new URL('../../../../docs/bug-bank.md', import.meta.url), 'utf8');
    const listed = [...table.matchAll(/^\| `([^`]+)`.*\| (\w+) +\| seed/gm)].map(([, id, checker]) => [id, checker]);
    expect(listed).toEqual(BUGS.map(({ id, invariant }) => [id, invariant]));
  });
});
