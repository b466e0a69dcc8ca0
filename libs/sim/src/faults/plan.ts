import type { Chance } from '../chance.ts';
import { type Fault, FAULT_KINDS, type FaultKind } from './kinds.ts';

/** In so many runs a kind is left out, so that the others are seen without it. */
const LEFT_OUT = 0.4;

/** Between two faults of one kind, in the mean, and how long one lasts at most; in milliseconds. */
const HABITS: Readonly<Record<FaultKind, { readonly everyMs: number; readonly forMs: number }>> = {
  'bus-cut': { everyMs: 40_000, forMs: 6_000 },
  'tier-cut': { everyMs: 50_000, forMs: 6_000 },
  'reply-lost': { everyMs: 45_000, forMs: 4_000 },
  'tier-flush': { everyMs: 90_000, forMs: 0 },
  'tier-evict': { everyMs: 50_000, forMs: 0 },
  'tier-failover': { everyMs: 75_000, forMs: 1_500 },
  'admin-cut': { everyMs: 50_000, forMs: 15_000 },
  'slow-network': { everyMs: 60_000, forMs: 5_000 },
  'slow-store': { everyMs: 45_000, forMs: 6_000 },
  'slow-disk': { everyMs: 60_000, forMs: 4_000 },
  'ff-crash': { everyMs: 150_000, forMs: 2_000 },
  'admin-crash': { everyMs: 150_000, forMs: 2_000 },
  'replica-pause': { everyMs: 50_000, forMs: 6_000 },
  'replica-restart': { everyMs: 80_000, forMs: 0 },
  'clock-step': { everyMs: 80_000, forMs: 0 },
  'issuer-cut': { everyMs: 90_000, forMs: 20_000 },
  'tier-lossy': { everyMs: 60_000, forMs: 6_000 },
};

/** Which kinds may come in a run: a list, none, or, as `swarm` has it, those that chance leaves in. */
export function kindsOf(choice: 'swarm' | 'none' | readonly FaultKind[], chance: Chance): readonly FaultKind[] {
  if (choice === 'none') return [];
  if (choice !== 'swarm') return choice;
  return FAULT_KINDS.filter(() => !chance.chance(LEFT_OUT));
}

/** What goes wrong in a run, and when: data, so that a run can be had again with less of it. */
export function planOf(kinds: readonly FaultKind[], untilMs: number, chance: Chance): readonly Fault[] {
  const faults = FAULT_KINDS.flatMap((kind) => {
    // Drawn for every kind, so that what one does tells nothing of the others.
    const stream = chance.fork(kind);
    return kinds.includes(kind) ? faultsOf(kind, untilMs, stream) : [];
  });
  return faults.toSorted((one, other) => one.at - other.at);
}

function faultsOf(kind: FaultKind, untilMs: number, chance: Chance): readonly Fault[] {
  const { everyMs, forMs } = HABITS[kind];
  const faults: Fault[] = [];
  for (let at = chance.exponential(everyMs); at < untilMs; at += chance.exponential(everyMs)) {
    faults.push({
      kind,
      at: Math.round(at),
      forMs: Math.round(Math.min(forMs * chance.next() + (forMs === 0 ? 0 : 20), untilMs - at)),
      target: chance.below(1_000),
      size: chance.next(),
    });
    at += forMs;
  }
  return faults;
}
