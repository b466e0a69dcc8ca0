import type { Trace, TraceFailure, TraceFault, TraceMark, TraceMessage } from './trace.ts';

/** One thing that a reader steps to. A message that arrives is two of them. */
export type Happening =
  | { readonly kind: 'sent' | 'arrived'; readonly at: number; readonly message: TraceMessage }
  | { readonly kind: 'mark'; readonly at: number; readonly mark: TraceMark }
  | { readonly kind: 'begun' | 'healed'; readonly at: number; readonly fault: TraceFault }
  | { readonly kind: 'failed'; readonly at: number; readonly failure: TraceFailure };

/** What a reader follows; empty texts let everything through. */
export interface Filter {
  /** A part of the key. */
  readonly key: string;
  /** The whole name of a node. */
  readonly node: string;
}

export const EVERYTHING: Filter = { key: '', node: '' };

/** At one instant: what comes in, what it does, what goes out, and only then what somebody finds wrong with it. */
const ORDER: Readonly<Record<Happening['kind'], number>> = {
  healed: 0,
  begun: 1,
  arrived: 2,
  mark: 3,
  sent: 4,
  failed: 6,
};

/** What arrives in the instant in which it was sent comes after that. */
const rank = (it: Happening): number =>
  it.kind === 'arrived' && it.message.arrivesAt === it.message.at ? 5 : ORDER[it.kind];

function happeningsOf({ messages, marks, faults, failure, from, until }: Trace): readonly Happening[] {
  const all: Happening[] = [];
  for (const message of messages) {
    all.push({ kind: 'sent', at: message.at, message });
    if (message.arrivesAt !== null) all.push({ kind: 'arrived', at: message.arrivesAt, message });
  }
  for (const mark of marks) all.push({ kind: 'mark', at: mark.at, mark });
  for (const fault of faults) {
    all.push({ kind: 'begun', at: fault.from, fault }, { kind: 'healed', at: fault.until, fault });
  }
  if (failure !== null) all.push({ kind: 'failed', at: failure.at, failure });
  return all.filter(({ at }) => at >= from && at <= until).toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
}

const isAbout = (key: string | null, { key: part }: Filter): boolean => part === '' || key?.includes(part) === true;
const isAt = (nodes: readonly (string | null)[], { node }: Filter): boolean => node === '' || nodes.includes(node);

export const matchesMessage = ({ from, to, key }: TraceMessage, filter: Filter): boolean =>
  isAbout(key, filter) && isAt([from, to], filter);
export const matchesMark = ({ node, key }: TraceMark, filter: Filter): boolean =>
  isAbout(key, filter) && isAt([node], filter);

/** A fault has no key: it may be the reason for anything. The failure is what everybody came for. */
export function matches(it: Happening, filter: Filter): boolean {
  if ('message' in it) return matchesMessage(it.message, filter);
  if ('mark' in it) return matchesMark(it.mark, filter);
  if ('fault' in it) return it.fault.nodes.length === 0 || isAt(it.fault.nodes, filter);
  return true;
}

/** How many of the sorted instants lie at or before that one. */
export function countUntil(sorted: readonly { readonly at: number }[], at: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.at ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A trace, sorted so that a window of it is found quickly. */
export class Timeline {
  readonly trace: Trace;
  readonly lanes: ReadonlyMap<string, number>;
  /** Every key that occurs, the most frequent first. */
  readonly keys: readonly string[];
  readonly marks: readonly TraceMark[];
  readonly #messages: readonly TraceMessage[];
  /** For each message the latest arrival so far: before the first that reaches a window, none does. */
  readonly #reach: readonly number[];
  readonly #happenings: readonly Happening[];

  constructor(trace: Trace) {
    this.trace = trace;
    this.lanes = new Map(trace.nodes.map(({ name }, lane) => [name, lane]));
    this.marks = trace.marks.toSorted((a, b) => a.at - b.at);
    this.#messages = trace.messages.toSorted((a, b) => a.at - b.at);
    let latest = -Infinity;
    this.#reach = this.#messages.map(({ at, arrivesAt }) => (latest = Math.max(latest, arrivesAt ?? at)));
    this.#happenings = happeningsOf(trace);
    this.keys = keysOf(trace);
  }

  get length(): number {
    return this.trace.until - this.trace.from;
  }

  happenings(filter: Filter): readonly Happening[] {
    return this.#happenings.filter((it) => matches(it, filter));
  }

  /** The messages that are on their way in that window, by when they were sent. */
  messagesIn(from: number, until: number): readonly TraceMessage[] {
    const end = countUntil(this.#messages, until);
    const reach = this.#reach.findIndex((latest) => latest >= from);
    if (reach < 0) return [];
    return this.#messages.slice(reach, end).filter(({ at, arrivesAt }) => (arrivesAt ?? at) >= from);
  }

  marksIn(from: number, until: number): readonly TraceMark[] {
    return this.marks.slice(0, countUntil(this.marks, until)).filter(({ at }) => at >= from);
  }

  /** How many messages were sent in each of so many equal parts of the run. */
  density(parts: number): readonly number[] {
    const counts = Array.from({ length: parts }, () => 0);
    for (const { at } of this.#messages) {
      const part = Math.min(parts - 1, Math.max(0, Math.floor(((at - this.trace.from) / this.length) * parts)));
      counts[part] = (counts[part] ?? 0) + 1;
    }
    return counts;
  }
}

function keysOf({ messages, marks }: Trace): readonly string[] {
  const counts = new Map<string, number>();
  for (const { key } of [...messages, ...marks]) {
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key);
}
