import type { Bug } from './bug.ts';
import { BUGS as CACHE } from './cache.ts';

/** Every fault that can be planted, by area: what it is about, and the name of its file here. */
export const BUGS_BY_AREA: Readonly<Record<string, readonly Bug[]>> = {
  cache: CACHE,
};

export const BUGS: readonly Bug[] = Object.values(BUGS_BY_AREA).flat();

export type { Bug } from './bug.ts';
