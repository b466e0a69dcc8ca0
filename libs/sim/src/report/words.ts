import type { Happening } from './timeline.ts';
import type { TraceFailure, TraceMessage } from './trace.ts';

/** Milliseconds since the world began as a reader says them: `3.214 s`, `4:03.214`. */
export function timeOf(at: number): string {
  const whole = Math.round(at);
  const minutes = Math.floor(whole / 60_000);
  const seconds = ((whole % 60_000) / 1000).toFixed(3);
  return minutes === 0 ? `${seconds} s` : `${minutes}:${seconds.padStart(6, '0')}`;
}

/** A length of time, short: `40 ms`, `2 s`, `1.5 min`. */
export function lengthOf(ms: number): string {
  if (ms < 1000) return `${round(ms)} ms`;
  return ms < 60_000 ? `${round(ms / 1000)} s` : `${round(ms / 60_000)} min`;
}

const round = (value: number): string => String(Number(value.toPrecision(3)));

const about = (key: string | null): string => (key === null ? '' : ` (${key})`);
const whom = (nodes: readonly string[]): string => (nodes.length === 0 ? 'everybody' : nodes.join(', '));

/** A happening as one line of text: all that the picture shows of it. */
export function wordsOf(it: Happening): string {
  if ('message' in it) return wordsOfMessage(it.message, it.kind === 'arrived');
  if ('mark' in it) return `${it.mark.node}, ${it.mark.kind}: ${it.mark.label}${about(it.mark.key)}`;
  if ('failure' in it) return wordsOfFailure(it.failure);
  const { kind, nodes, label } = it.fault;
  return `Fault ${it.kind === 'begun' ? 'begins' : 'ends'}, ${kind} of ${whom(nodes)}: ${label}`;
}

function wordsOfMessage({ from, to, label, key, kind, arrivesAt }: TraceMessage, hasArrived: boolean): string {
  if (hasArrived) return `${to} has from ${from}: ${label}${about(key)}`;
  const verb = { call: 'calls', reply: 'answers', event: 'tells' }[kind];
  return `${from} ${verb} ${to}: ${label}${about(key)}${arrivesAt === null ? ', which is lost' : ''}`;
}

function wordsOfFailure({ invariant, node, key, detail }: TraceFailure): string {
  return `${invariant} violated${node === null ? '' : ` at ${node}`}${about(key)}: ${detail}`;
}
