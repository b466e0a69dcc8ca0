/** What is left of a list, of which each one is needed. */
export interface Shrunk<T> {
  readonly items: readonly T[];
  readonly runs: number;
  /** Whether taking away any one was tried; not where the runs were used up before. */
  readonly isWhole: boolean;
}

/**
 * Takes away as much as can be taken away: halves first, then ever smaller pieces, at last one by one until none can
 * go. That is delta debugging (Zeller, Hildebrandt 2002) by complements, in order, so that it always ends the same.
 * @param fails whether it still fails with only these
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  mostRuns: number,
): Promise<Shrunk<T>> {
  let left = items;
  let runs = 0;
  for (let size = Math.ceil(items.length / 2); left.length > 0 && size > 0;) {
    let isSmaller = false;
    for (let from = 0; from < left.length;) {
      if (runs >= mostRuns) return { items: left, runs, isWhole: false };
      const others = [...left.slice(0, from), ...left.slice(from + size)];
      runs += 1;
      if (await fails(others)) {
        left = others;
        isSmaller = true;
      } else from += size;
    }
    // One by one once more: what was needed only by something that is gone by now can go too.
    if (size > 1) size = Math.ceil(size / 2);
    else if (!isSmaller) size = 0;
  }
  return { items: left, runs, isWhole: true };
}
