import { describe, expect, it } from '@jest/globals';
import { shrink } from './shrink.ts';

const items = Array.from({ length: 64 }, (_, index) => index);
const needing =
  (...needed: readonly number[]) =>
  async (left: readonly number[]): Promise<boolean> =>
    needed.every((one) => left.includes(one));

describe('shrinking a list to what a failure needs', () => {
  it.each<[string, readonly number[]]>([
    ['two far apart', [3, 60]],
    ['two side by side', [31, 32]],
    ['one', [63]],
    ['none at all', []],
    ['all', items],
  ])('leaves %s, and nothing else', async (_what, needed) => {
    const shrunk = await shrink(items, needing(...needed), 1_000);
    expect(shrunk).toMatchObject({ items: needed, isWhole: true });
  });

  it('is done within a few runs where little is needed', async () => {
    expect((await shrink(items, needing(3, 60), 1_000)).runs).toBeLessThan(30);
  });

  it('takes away what only something else needed', async () => {
    // 5 may go only once 40 is gone, and 40 comes later in the list.
    const fails = async (left: readonly number[]): Promise<boolean> =>
      left.includes(9) && (left.includes(5) || !left.includes(40));
    expect((await shrink(items, fails, 1_000)).items).toEqual([9]);
  });

  it('ends with what it has when its runs are used up, and says so', async () => {
    const shrunk = await shrink(items, needing(3, 60), 5);
    expect(shrunk).toMatchObject({ runs: 5, isWhole: false });
    expect(shrunk.items).toEqual(expect.arrayContaining([3, 60]));
    expect(shrunk.items.length).toBeLessThan(items.length);
  });

  it('runs nothing for an empty list', async () => {
    expect(await shrink([], needing(), 9)).toEqual({ items: [], runs: 0, isWhole: true });
  });
});
