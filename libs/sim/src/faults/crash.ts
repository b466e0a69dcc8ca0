import type { Machine } from '../world/machine.ts';
import type { Site } from '../world/site.ts';
import type { Fault } from './kinds.ts';

/** A sync has mostly ended by then. */
const LONGEST_SYNC_MS = 1;
/** A start has mostly ended by then. */
const LONGEST_START_MS = 4;

/** A machine, and how what runs on it goes down and comes up. */
export interface Crashing {
  readonly machine: Machine;
  readonly crash: (what: 'machine' | 'processes') => void;
  readonly start: () => Promise<void>;
}

/**
 * At once, or about when the next change is being synced: the machine, or its processes alone. At times it happens once
 * more while they start, when what the first one left is half put right.
 * @returns how it is put right
 */
export function crashing({ kind, size, target }: Fault, on: Crashing, site: Site): () => Promise<void> {
  const { machine, crash, start } = on;
  const { conditions, time, failed } = site;
  const what = target % 3 === 0 ? 'processes' : 'machine';
  let isDown = false;
  const go = (): void => {
    if (isDown) return;
    isDown = true;
    conditions.feel(kind);
    crash(what);
  };
  if (size < 0.4) go();
  else machine.atNextWrite((size - 0.4) * LONGEST_SYNC_MS, go);
  return async () => {
    // Nothing was written in all that time: then it goes down and comes up again.
    go();
    if (target % 4 !== 0) return start();
    // What dies while it starts never ends.
    start().catch(failed);
    await time.pass(size * LONGEST_START_MS);
    crash(target % 8 === 0 ? 'machine' : 'processes');
    conditions.feel(kind);
    return start();
  };
}
