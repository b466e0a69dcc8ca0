import { FAULT_KINDS } from '../faults/kinds.ts';
import type { Counts } from './outcome.ts';
import type { Setting } from './judge.ts';
import { ADMINS } from './spec.ts';
import type { Totals } from './totals.ts';

/** How fast it was, in real time: of all that was run, also of what was run twice. */
export interface Pace {
  readonly simulatedMs: number;
  readonly events: number;
  readonly wallMs: number;
  readonly cores: number;
  /** All runs together, each for itself. */
  readonly busyMs: number;
}

/** What many seeds were, for people. */
export function tableOf(totals: Totals, setting: Setting, pace: Pace): string {
  const { seeds, failed, commits, fewestCommits } = totals;
  const { replicas, forMs, faults, bug } = setting;
  const kinds = typeof faults === 'string' ? faults : faults.join(', ');
  const planted = bug === null ? '' : `, bug ${bug}`;
  return [
    `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, ${seeds - failed} passed, ${failed} failed`,
    `each of ${replicas} FF, ${ADMINS} Admin, ${count(forMs / 60_000)} virtual minutes; faults: ${kinds}${planted}`,
    '',
    ...paceLines(pace),
    `changes    ${count(commits)} committed${fewestCommits === null ? '' : `, ${count(fewestCommits)} in a seed at least`}`,
    ...section('FAULT', 'CHANGED AN OUTCOME', withNothing(totals.felt)),
    ...section('INVARIANT', 'CHECKS', totals.checks),
    ...section('SITUATION', 'REACHED', totals.sometimes),
  ].join('\n');
}

/** Only how fast it was. */
export function paceLines({ simulatedMs, events, wallMs, cores, busyMs }: Pace): readonly string[] {
  const a = (ms: number): string => count(ms === 0 ? 0 : (events / ms) * 1_000);
  return [
    `simulated  ${(simulatedMs / 3_600_000).toFixed(2)} hours in ${(wallMs / 1_000).toFixed(1)} s on ${cores} ${cores === 1 ? 'core' : 'cores'}`,
    `events     ${count(events)}: ${a(wallMs)} a second, ${a(busyMs)} a second and core`,
  ];
}

/** A class that never came is seen as one that never came. */
function withNothing(felt: Counts): Counts {
  return { ...Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])), ...felt };
}

function section(name: string, what: string, counts: Counts): readonly string[] {
  const rows = Object.entries(counts).map(([key, number]): readonly [string, string] => [key, count(number)]);
  if (rows.length === 0) return [];
  const left = Math.max(...[[name], ...rows].map(([key]) => key?.length ?? 0));
  const right = Math.max(what.length, ...rows.map(([, number]) => number.length));
  return ['', ...[[name, what] as const, ...rows].map(([key, text]) => `${key.padEnd(left)}  ${text.padStart(right)}`)];
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}
