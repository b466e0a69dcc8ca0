import { describe, expect, it } from '@jest/globals';
import { shrink } from './shrink.ts';

const items = Array.from({ length: 64 }, (_, index) => index);
const needing =
  (...needed: readonly number[]) =>
  async (lists: readonly (readonly number[])[]): Promise<readonly boolean[]> =>
    lists.map((left) => needed.every((one) => left.includes(one)));
const one = { mostRuns: 1_000, atOnce: 1 };

describe('shrinking a list to what a failure needs', () => {
  it.each<[string, readonly number[]]>([
    ['two far apart', [3, 60]],
    ['two side by side', [31, 32]],
    ['one', [63]],
    ['none at all', []],
    ['all', items],
  ])('leaves %s, and nothing else', async (_what, needed) => {
    const shrunk = await shrink(items, needing(...needed), one);
    expect(shrunk).toMatchObject({ items: needed, isWhole: true });
  });

  it('is done within a few runs where little is needed', async () => {
    expect((await shrink(items, needing(3, 60), one)).runs).toBeLessThan(30);
  });

  it('takes away what only something else needed', async () => {
    // 5 may go only once 40 is gone, and 40 comes later in the list.
    const fails = async (lists: readonly (readonly number[])[]): Promise<readonly boolean[]> =>
      lists.map((left) => left.includes(9) && (left.includes(5) || !left.includes(40)));
    expect((await shrink(items, fails, one)).items).toEqual([9]);
  });

  it.each([2, 3, 100])('leaves the same where %i are tried at once', async (atOnce) => {
    const shrunk = await shrink(items, needing(3, 31, 60), { ...one, atOnce });
    expect(shrunk).toMatchObject({ items: [3, 31, 60], isWhole: true });
  });

  it('ends with what it has when its runs are used up, and says so', async () => {
    const shrunk = await shrink(items, needing(3, 60), { mostRuns: 5, atOnce: 2 });
    expect(shrunk).toMatchObject({ runs: 5, isWhole: false });
    expect(shrunk.items).toEqual(expect.arrayContaining([3, 60]));
    expect(shrunk.items.length).toBeLessThan(items.length);
  });

  it('runs nothing for an empty list', async () => {
    expect(await shrink([], needing(), one)).toEqual({ items: [], runs: 0, isWhole: true });
  });
});
