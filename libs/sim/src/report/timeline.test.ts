import { describe, expect, it } from '@jest/globals';
import { sampleTrace } from '../testing/sample-trace.ts';
import { EVERYTHING, Timeline } from './timeline.ts';
import type { Trace, TraceMessage } from './trace.ts';
import { lengthOf, timeOf, wordsOf } from './words.ts';

const message = (at: number, arrivesAt: number | null, rest: Partial<TraceMessage> = {}): TraceMessage => ({
  from: 'ff-1',
  to: 'admin-1',
  at,
  arrivesAt,
  label: 'check',
  key: 'flag-a',
  kind: 'call',
  ...rest,
});

const traceOf = (rest: Partial<Trace>): Trace => ({
  title: 'seed 1, passed',
  seed: 1,
  commit: 'abc',
  command: 'ptt simulate --seed 1',
  from: 0,
  until: 100,
  nodes: [
    { name: 'ff-1', kind: 'ff' },
    { name: 'admin-1', kind: 'admin' },
    { name: 'tier', kind: 'tier' },
  ],
  messages: [],
  faults: [],
  marks: [],
  failure: null,
  ...rest,
});

const linesOf = (trace: Trace, filter = EVERYTHING): readonly string[] =>
  new Timeline(trace).happenings(filter).map((event) => `${event.at} ${wordsOf(event)}`);

describe('what happens in a run', () => {
  it('is told in the order in which it happened, whatever the order of the trace', () => {
    const trace = traceOf({
      messages: [message(20, 25, { from: 'admin-1', to: 'ff-1', kind: 'reply', label: 'allow' }), message(5, 20)],
      marks: [{ node: 'admin-1', at: 20, kind: 'answer', label: 'allow', key: 'flag-a' }],
      faults: [{ kind: 'crash', from: 2, until: 30, nodes: [], label: 'all of them' }],
      failure: { invariant: 'I2', at: 25, node: 'ff-1', key: 'flag-a', detail: 'stale' },
    });
    expect(linesOf(trace)).toEqual([
      '2 Fault begins, crash of everybody: all of them',
      '5 ff-1 calls admin-1: check (flag-a)',
      '20 admin-1 has from ff-1: check (flag-a)',
      '20 admin-1, answer: allow (flag-a)',
      '20 admin-1 answers ff-1: allow (flag-a)',
      '25 ff-1 has from admin-1: allow (flag-a)',
      '25 I2 violated at ff-1 (flag-a): stale',
      '30 Fault ends, crash of everybody: all of them',
    ]);
  });

  it('has a message sent before it arrives, even in one instant', () => {
    expect(linesOf(traceOf({ messages: [message(5, 5, { key: null })] }))).toEqual([
      '5 ff-1 calls admin-1: check',
      '5 admin-1 has from ff-1: check',
    ]);
  });

  it('tells of a lost message that it is lost', () => {
    expect(linesOf(traceOf({ messages: [message(5, null, { kind: 'event' })] }))).toEqual([
      '5 ff-1 tells admin-1: check (flag-a), which is lost',
    ]);
  });

  it('leaves out what lies outside the recorded window', () => {
    const trace = traceOf({ from: 50, messages: [message(10, 60), message(99, 120)] });
    expect(linesOf(trace)).toEqual([
      '60 admin-1 has from ff-1: check (flag-a)',
      '99 ff-1 calls admin-1: check (flag-a)',
    ]);
  });

  it('is filtered by a part of the key, and by the node; faults and the failure are about every key', () => {
    const trace = traceOf({
      messages: [message(5, null), message(6, null, { key: 'other' }), message(7, null, { to: 'tier' })],
      marks: [{ node: 'tier', at: 8, kind: 'load', label: 'loaded', key: null }],
      faults: [{ kind: 'crash', from: 2, until: 200, nodes: ['tier'], label: 'tier' }],
      failure: { invariant: 'I2', at: 25, node: null, key: null, detail: 'stale' },
    });
    const instants = (key: string, node: string): readonly number[] =>
      new Timeline(trace).happenings({ key, node }).map(({ at }) => at);
    expect(instants('', '')).toEqual([2, 5, 6, 7, 8, 25]);
    expect(instants('flag', '')).toEqual([2, 5, 7, 25]);
    expect(instants('', 'tier')).toEqual([2, 7, 8, 25]);
    expect(instants('flag', 'admin-1')).toEqual([5, 25]);
  });
});

describe('a window of a run', () => {
  const timeline = new Timeline(
    traceOf({
      messages: [message(30, 40), message(1, 90), message(10, 20), message(50, null), message(60, 61)],
      marks: [30, 10, 20].map((at) => ({ node: 'tier', at, kind: 'note', label: '', key: at === 10 ? 'a' : 'b' })),
    }),
  );

  it('has every message that is on its way in it, also one that was sent long before', () => {
    const sent = (from: number, until: number): readonly number[] =>
      timeline.messagesIn(from, until).map(({ at }) => at);
    expect(sent(0, 100)).toEqual([1, 10, 30, 50, 60]);
    expect(sent(35, 55)).toEqual([1, 30, 50]);
    expect(sent(91, 100)).toEqual([]);
  });

  it('has its marks', () => {
    expect(timeline.marksIn(15, 30).map(({ at }) => at)).toEqual([20, 30]);
  });

  it('knows how busy each part of the run was, and which keys occur most', () => {
    expect(timeline.density(4)).toEqual([2, 1, 2, 0]);
    expect(timeline.keys).toEqual(['flag-a', 'b', 'a']);
  });
});

describe('the sample', () => {
  it('is the same at every call, and in its window', () => {
    const trace = sampleTrace();
    expect(sampleTrace()).toEqual(trace);
    expect(trace.messages.length).toBeGreaterThan(1000);
    expect(trace.messages.some(({ arrivesAt }) => arrivesAt === null)).toBe(true);
    expect(new Timeline(trace).density(10).every((count) => count > 50)).toBe(true);
  });
});

describe('time in words', () => {
  it.each([
    [0, '0.000 s'],
    [3214.4, '3.214 s'],
    [59_999.6, '1:00.000'],
    [243_214, '4:03.214'],
  ])('%d ms since the beginning is %s', (at, words) => {
    expect(timeOf(at)).toBe(words);
  });

  it.each([
    [0.25, '0.25 ms'],
    [161.9, '162 ms'],
    [1500, '1.5 s'],
    [90_000, '1.5 min'],
  ])('a length of %d ms is %s', (ms, words) => {
    expect(lengthOf(ms)).toBe(words);
  });
});
