import type { Failure } from '../many/outcome.ts';
import type { World } from '../run/world.ts';
import type {
  Answered,
  Commit,
  Gated,
  Heard,
  InputRead,
  KeysRead,
  Lived,
  Load,
  TokenRead,
  Witness,
} from '../watch/seen.ts';
import type { Trace, TraceFault, TraceMark, TraceNode } from '../report/trace.ts';
import { Traffic } from './traffic.ts';

export interface Window {
  readonly from: number;
  readonly until: number;
}

/** What is said of a run beside what happened in it. */
export interface Named {
  readonly seed: number;
  readonly commit: string;
  readonly command: string;
}

/** Writes down what happens in a world within a window of its time. A world that nobody records is not changed by it. */
export class Recorder implements Witness {
  readonly #world: World;
  readonly #window: Window;
  readonly #traffic: Traffic;
  readonly #marks: TraceMark[] = [];

  constructor(world: World, window: Window) {
    this.#world = world;
    this.#window = window;
    this.#traffic = new Traffic(world, (at) => this.#isIn(at));
    world.watch.add(this);
  }

  /** What was recorded. @param endedAt where the run was over before the window */
  trace(named: Named, failure: Failure | null, endedAt: number): Trace {
    const { from } = this.#window;
    const until = Math.min(this.#window.until, endedAt);
    const messages = this.#traffic.messages;
    return {
      title: `seed ${named.seed}, ${failure === null ? 'passed' : `${failure.invariant} violated`}`,
      ...named,
      from,
      until,
      nodes: nodesOf([...messages.flatMap((one) => [one.from, one.to]), ...this.#marks.map(({ node }) => node)]),
      messages,
      faults: this.#faults({ from, until }),
      marks: this.#marks,
      failure:
        failure === null
          ? null
          : {
              invariant: failure.invariant,
              at: failure.at,
              node: failure.replica,
              key: failure.key,
              detail: failure.detail,
            },
    };
  }

  committed({ store, line, at }: Commit): void {
    for (const { key, version, row } of line.changes) {
      const what = `${line.table} version ${version}${row === null ? ', removed' : ''}`;
      this.#mark('commit', store, at, what, key);
    }
  }

  read({ replica, key, version, cache, endedAt }: InputRead): void {
    this.#mark('answer', replica, endedAt, `serves version ${version} (${cache})`, key);
  }

  heard({ replica, message, at }: Heard): void {
    const { key, version, namespace } = message;
    const what = typeof version === 'number' ? `hears of version ${version}` : 'hears of a drop';
    const about = key ?? namespace;
    this.#mark('note', replica, at, what, typeof about === 'string' ? about : null);
  }

  loaded({ replica, key, phase, at }: Load): void {
    this.#mark('load', replica, at, phase === 'begun' ? 'loads from the store' : 'has loaded', key);
  }

  gated({ replica, flagKey, isOn, approvalRef, answeredAt }: Gated): void {
    const what = `gate: ${isOn ? 'on' : 'off'}${approvalRef === null ? '' : `, by ${approvalRef}`}`;
    this.#mark('answer', replica, answeredAt, what, flagKey);
  }

  answered({ caller, replica, what, outcome, detail, beganAt, endedAt }: Answered): void {
    this.#traffic.wasCalled(caller, beganAt, what);
    this.#mark('note', caller, endedAt, `${what} at ${replica}: ${outcome}${detail === null ? '' : ` (${detail})`}`);
  }

  keysRead({ reader, isServed, at }: KeysRead): void {
    if (!isServed) this.#mark('note', reader, at, 'asks for keys');
  }

  tokenRead({ reader, kid, isTaken, at }: TokenRead): void {
    if (!isTaken) this.#mark('note', reader, at, 'refuses a token', kid);
  }

  lived({ name, what, at }: Lived): void {
    this.#mark('note', name, at, what);
  }

  #mark(kind: TraceMark['kind'], node: string, at: number, label: string, key: string | null = null): void {
    if (this.#isIn(at)) this.#marks.push({ node, at, label, key, kind });
  }

  #isIn(at: number): boolean {
    return at >= this.#window.from && at <= this.#window.until;
  }

  #faults({ from, until }: Window): readonly TraceFault[] {
    return this.#world.disturbances.all
      .filter((one) => one.until >= from && one.from <= until)
      .map((one) => ({
        kind: one.kind,
        from: one.from,
        until: Math.min(one.until, until),
        nodes: one.nodes,
        label: one.kind.replaceAll('-', ' '),
      }));
  }
}

/** From top to bottom: who calls, who answers, and whom those ask. */
const LANES: readonly { readonly kind: TraceNode['kind']; readonly name: RegExp }[] = [
  { kind: 'ff', name: /^ff(?:-\d+)?$/ },
  { kind: 'admin', name: /^admin(?:-\d+)?$/ },
  { kind: 'tier', name: /^redis$/ },
  { kind: 'issuer', name: /^issuer$/ },
];

function nodesOf(names: readonly string[]): readonly TraceNode[] {
  const all = [...new Set(names)].toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const lanes = LANES.map(({ kind, name }) => all.filter((one) => name.test(one)).map((one) => ({ name: one, kind })));
  const others = all.filter((one) => !LANES.some(({ name }) => name.test(one)));
  return [...others.map((name) => ({ name, kind: 'caller' as const })), ...lanes.flat()];
}
