import type { Answered } from '../watch/seen.ts';
import type { FaultKind } from '../faults/kinds.ts';
import { Checker } from './checker.ts';

/** A load may have been begun so long ago, in a slow time, and others joined it since. */
const STALLED_MS = 20_000;

/** What keeps a call from its replica, or the replica from the store that it cannot do without. */
const IN_THE_WAY: readonly FaultKind[] = [
  'reply-lost',
  'slow-network',
  'slow-store',
  'slow-disk',
  'ff-crash',
  'replica-pause',
  'replica-restart',
];

/** Every call ends, and those of processes that are well end soon. */
export class EveryReadEnds extends Checker {
  readonly id = 'I8';

  answered({ replica, what, outcome, beganAt, endedAt }: Answered): void {
    if (what !== 'evaluate' && what !== 'bulk') return;
    const { disturbances } = this.world;
    const from = beganAt - STALLED_MS;
    const quiet = disturbances.isQuiet(from, endedAt);
    const isExcused = outcome === 'unknown' && !disturbances.isQuiet(from, endedAt, { kinds: IN_THE_WAY });
    if (isExcused) return;
    const tookMs = endedAt - beganAt;
    const limit = quiet ? 1_500 : 10_000;
    this.check(
      tookMs <= limit && outcome !== 'unknown',
      () => `${what} took ${Math.round(tookMs)} ms and ended as ${outcome}`,
      { replica },
    );
  }
}
