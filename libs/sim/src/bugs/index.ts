import { BUGS as approvals } from './approvals.ts';
import type { Bug } from './bug.ts';
import { BUGS as bus } from './bus.ts';
import { BUGS as cache } from './cache.ts';
import { BUGS as files } from './files.ts';
import { BUGS as flags } from './flags.ts';
import { BUGS as gate } from './gate.ts';
import { BUGS as tier } from './tier.ts';

/** Every fault that can be planted, by area, which is the name of its file here. */
export const BUGS_BY_AREA: Readonly<Record<string, readonly Bug[]>> = {
  cache,
  tier,
  bus,
  files,
  approvals,
  gate,
  flags,
};

export const BUGS: readonly Bug[] = Object.values(BUGS_BY_AREA).flat();

export type { Bug } from './bug.ts';
