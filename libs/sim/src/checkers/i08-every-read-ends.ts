import type { Answered } from '../watch/seen.ts';
import { Checker } from './checker.ts';

/** A load may have been begun so long ago, in a slow time, and others joined it since. */
const STALLED_MS = 20_000;

/** Every call ends, and those of processes that are well end soon. */
export class EveryReadEnds extends Checker {
  readonly id = 'I8';

  answered({ replica, what, outcome, beganAt, endedAt }: Answered): void {
    if (what !== 'evaluate' && what !== 'bulk') return;
    const quiet = this.world.disturbances.isQuiet(beganAt - STALLED_MS, endedAt);
    if (!quiet && outcome === 'unknown') return;
    const tookMs = endedAt - beganAt;
    const limit = quiet ? 1_500 : 10_000;
    this.check(
      tookMs <= limit && (!quiet || outcome !== 'unknown'),
      () => `${what} took ${Math.round(tookMs)} ms and ended as ${outcome}`,
      { replica },
    );
  }
}
