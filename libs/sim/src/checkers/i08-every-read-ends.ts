import { FAULT_KINDS, type FaultKind } from '../faults/kinds.ts';
import type { Answered } from '../watch/seen.ts';
import { Checker } from './checker.ts';
import { LastCalls } from './last-calls.ts';

/** A load may have been begun so long ago, in a slow time, and others joined it since. */
const STALLED_MS = 20_000;
/** The gate has a second; all else at hand takes a few milliseconds. */
const PROMPT_MS = 1_100;
/** What a caller waits, and so no limit at all. */
const PATIENCE_MS = 10_000;

/** What may be added by each kind of fault that concerns the replica. What is not here adds nothing. */
const ADDED_MS: Partial<Readonly<Record<FaultKind, number>>> = {
  // The tier has 250 ms for each of what is read one after the other: keys, a flag, its overrides.
  'tier-cut': 750,
  'tier-failover': 750,
  'tier-lossy': 750,
  'reply-lost': 750,
  // A read of the keys has 3 s, and may begin when another one has failed.
  'issuer-cut': 6_000,
  // A message there and one back, each of any length.
  'slow-network': PATIENCE_MS,
  // Nobody limits what a load takes, or how many callers join one that is late already.
  'slow-store': PATIENCE_MS,
  'replica-pause': PATIENCE_MS,
};

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

/** Every call ends, those of processes that are well end soon, and once nothing is wrong all of them end well. */
export class EveryReadEnds extends Checker {
  readonly id = 'I8';

  answered({ replica, what, outcome, detail, beganAt, endedAt }: Answered): void {
    if (what !== 'evaluate' && what !== 'bulk') return;
    const tookMs = endedAt - beganAt;
    const isPrompt = tookMs <= PROMPT_MS && (outcome === 'done' || outcome === 'refused');
    // Most are: only of the others it is asked what was wrong.
    const { isExcused, limitMs } = isPrompt ? PROMPT : this.#pardon(replica, outcome, beganAt, endedAt);
    if (isExcused && outcome === 'unknown') return;
    this.check(
      tookMs <= limitMs && (outcome === 'done' || outcome === 'refused' || isExcused),
      () => `${what} took ${Math.round(tookMs)} ms and ended as ${outcome} (${detail ?? 'no reason'})`,
      { replica },
    );
  }

  override async end(): Promise<void> {
    for (const { at, what, wrong } of await new LastCalls(this.world).make()) {
      this.check(wrong === null, () => `once nothing was wrong, ${what}: ${wrong}`, { replica: at });
    }
  }

  /** Only what concerns that replica counts. */
  #pardon(node: string, outcome: Answered['outcome'], beganAt: number, endedAt: number): Pardon {
    const { disturbances } = this.world;
    const since = beganAt - STALLED_MS;
    const isQuietOf = (kinds?: readonly FaultKind[]): boolean =>
      disturbances.isQuiet(since, endedAt, kinds === undefined ? { node } : { node, kinds });
    let limitMs = PROMPT_MS;
    for (const kind of FAULT_KINDS) if (!isQuietOf([kind])) limitMs += ADDED_MS[kind] ?? 0;
    return { limitMs, isExcused: !isQuietOf(outcome === 'unknown' ? IN_THE_WAY : undefined) };
  }
}

interface Pardon {
  /** Whether it may fail. */
  readonly isExcused: boolean;
  readonly limitMs: number;
}

const PROMPT: Pardon = { isExcused: false, limitMs: PROMPT_MS };
