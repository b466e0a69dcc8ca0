import { Chance } from '../chance.ts';
import type { Trace, TraceMark, TraceMessage, TraceNode } from '../report/trace.ts';

const UNTIL = 10_000;
const FAILED_AT = 6412;
const KEYS = ['new-checkout', 'dark-mode', 'refund-limit', 'sso-login', 'beta-search', 'APP-2041', 'APP-2042'];

const nodesOf = (names: readonly string[], kind: TraceNode['kind']): TraceNode[] =>
  names.map((name) => ({ name, kind }));

const NODES: readonly TraceNode[] = [
  ...nodesOf(['caller-1', 'caller-2', 'caller-3', 'caller-4', 'caller-5', 'caller-6'], 'caller'),
  ...nodesOf(['ff-1', 'ff-2', 'ff-3'], 'ff'),
  ...nodesOf(['admin-1', 'admin-2'], 'admin'),
  ...nodesOf(['tier'], 'tier'),
  ...nodesOf(['issuer'], 'issuer'),
];

const namesOf = (wanted: TraceNode['kind']): readonly string[] =>
  NODES.filter(({ kind }) => kind === wanted).map(({ name }) => name);

/** Writes down requests as they go through the plane: caller, replica, tier or Admin, and back. */
class Recorder {
  readonly messages: TraceMessage[] = [];
  readonly marks: TraceMark[] = [];
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Returns when it arrives; null: the partition swallows it. */
  send(
    kind: TraceMessage['kind'],
    from: string,
    to: string,
    at: number,
    label: string,
    key: string | null,
  ): number | null {
    const isCut = at > 3100 && at < 4700 && [from, to].includes('ff-2') && [from, to].includes('tier');
    const arrivesAt = isCut ? null : at + 0.4 + this.#chance.exponential(2.5);
    this.messages.push({ from, to, at, arrivesAt, label, key, kind });
    return arrivesAt;
  }

  /** A call and its reply: when the caller has it, or has waited for long enough. */
  ask(from: string, to: string, at: number, [call, reply]: readonly [string, string], key: string | null): number {
    const reached = this.send('call', from, to, at, call, key);
    const answered = reached === null ? null : this.send('reply', to, from, reached + 0.2, reply, key);
    return answered ?? at + 50;
  }

  mark(kind: TraceMark['kind'], node: string, at: number, label: string, key: string): void {
    this.marks.push({ kind, node, at, label, key });
  }

  evaluation(at: number): void {
    const caller = this.#chance.pick(namesOf('caller'));
    const ff = this.#chance.pick(namesOf('ff'));
    const key = this.#chance.pick(KEYS.slice(0, 5));
    let now = this.send('call', caller, ff, at, 'evaluate', key) ?? at;
    if (this.#chance.chance(0.4)) {
      now = this.ask(ff, 'tier', now + 0.1, ['get', this.#chance.chance(0.7) ? 'hit' : 'lease'], key);
      this.mark('load', ff, now, 'loaded', key);
    }
    this.mark('answer', ff, now, this.#chance.chance(0.5) ? 'on, v3' : 'off, v3', key);
    this.send('reply', ff, caller, now + 0.1, '200', key);
  }

  change(at: number): void {
    const caller = this.#chance.pick(namesOf('caller'));
    const ff = this.#chance.pick(namesOf('ff'));
    const key = this.#chance.pick(KEYS);
    const reached = this.send('call', caller, ff, at, 'set override', key) ?? at;
    const allowed = this.ask(ff, this.#chance.pick(namesOf('admin')), reached, ['sensitive.check', 'allow'], key);
    this.mark('commit', ff, allowed + 1, 'v4', key);
    this.send('reply', ff, caller, allowed + 1.2, '200', key);
    const told = this.send('event', ff, 'tier', allowed + 1.4, 'invalidate', key);
    if (told === null) return;
    for (const other of namesOf('ff')) if (other !== ff) this.send('event', 'tier', other, told, 'invalidate', key);
  }
}

/** Looks like a recorded run: 13 nodes over ten seconds, two faults, and a failure. The same at every call. */
export function sampleTrace(seed = 42): Trace {
  const chance = new Chance(seed);
  const recorder = new Recorder(chance.fork('recorder'));
  for (let at = 4; at < UNTIL - 60; at += chance.exponential(28)) recorder.evaluation(at);
  for (let at = 30; at < UNTIL - 60; at += chance.exponential(160)) recorder.change(at);
  for (const [place, node] of [...namesOf('ff'), ...namesOf('admin')].entries()) {
    recorder.ask(node, 'issuer', place * 7, ['keys', '2 keys'], null);
  }
  recorder.mark('note', 'ff-2', 4700, 'reconnected', 'new-checkout');
  recorder.mark('answer', 'ff-2', FAILED_AT, 'on, v3', 'new-checkout');
  return {
    title: `seed ${seed}, I2 violated`,
    seed,
    commit: '6fd1a05c1e93380fd78aae282cf50',
    command: `ptt simulate --seed ${seed} --faults partition,pause --report report.html`,
    from: 0,
    until: UNTIL,
    nodes: NODES,
    messages: recorder.messages,
    faults: [
      { kind: 'partition', from: 3100, until: 4700, nodes: ['ff-2', 'tier'], label: 'ff-2 and tier' },
      { kind: 'pause', from: 5800, until: 6350, nodes: ['admin-1'], label: 'admin-1 stands still' },
    ],
    marks: recorder.marks,
    failure: {
      invariant: 'I2',
      at: FAILED_AT,
      node: 'ff-2',
      key: 'new-checkout',
      detail: 'ff-2 answered from v3 after v4 was acknowledged',
    },
  };
}
