/** What is left of a list, of which each one is needed. */
export interface Shrunk<T> {
  readonly items: readonly T[];
  readonly runs: number;
  /** Whether taking away any one was tried; not where the runs were used up before. */
  readonly isWhole: boolean;
}

/**
 * Takes away as much as can be taken away: halves first, then ever smaller pieces, at last one by one until none can
 * go. That is delta debugging (Zeller, Hildebrandt 2002) by complements, in order, so that it always ends the same
 * for one number of tries at once.
 * @param fails for each of some lists, which are tried at once, whether it still fails with only these
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (lists: readonly (readonly T[])[]) => Promise<readonly boolean[]>,
  { mostRuns, atOnce }: { readonly mostRuns: number; readonly atOnce: number },
): Promise<Shrunk<T>> {
  let left = items;
  let runs = 0;
  for (let size = Math.ceil(items.length / 2); left.length > 0 && size > 0;) {
    let isSmaller = false;
    for (let from = 0; from < left.length;) {
      if (runs >= mostRuns) return { items: left, runs, isWhole: false };
      const lists = without(left, from, size, Math.min(atOnce, mostRuns - runs));
      runs += lists.length;
      const answers = await fails(lists);
      // Those behind the first were tried in vain: they are to be tried again without it.
      const first = answers.indexOf(true);
      from += size * (first < 0 ? lists.length : first);
      left = lists[first] ?? left;
      isSmaller ||= first >= 0;
    }
    // One by one once more: what was needed only by something that is gone by now can go too.
    if (size > 1) size = Math.ceil(size / 2);
    else if (!isSmaller) size = 0;
  }
  return { items: left, runs, isWhole: true };
}

/** The list without one piece, for each of the next few pieces. */
function without<T>(items: readonly T[], from: number, size: number, most: number): readonly (readonly T[])[] {
  const pieces = Math.min(most, Math.ceil((items.length - from) / size));
  return Array.from({ length: pieces }, (_, piece) => {
    const begin = from + piece * size;
    return [...items.slice(0, begin), ...items.slice(begin + size)];
  });
}
