import { describe, expect, it } from '@jest/globals';
import { sampleTrace } from '../testing/sample-trace.ts';
import { Player } from './player.ts';
import { Timeline } from './timeline.ts';
import type { Trace, TraceMessage } from './trace.ts';
import { wordsOf } from './words.ts';

const FAILED_AT = 6412;

const playerOf = (rest: Partial<Trace> = {}): Player => new Player(new Timeline({ ...sampleTrace(), ...rest }));

const messageAt = (at: number): TraceMessage => ({
  from: 'ff-1',
  to: 'tier',
  at,
  arrivesAt: at + 1,
  label: 'get',
  key: null,
  kind: 'call',
});

describe('a player', () => {
  it('steps through the happenings one by one, also where several share an instant', () => {
    const player = playerOf();
    const steps = player.happenings.slice(player.cursor + 1, 200);
    const seen = steps.map(() => {
      player.next();
      return player.current;
    });
    expect(new Set(steps.map(({ at }) => at)).size).toBeLessThan(steps.length);
    expect(seen).toEqual(steps);
    player.previous();
    expect(player.current).toBe(steps.at(-2));
    expect(player.now).toBe(steps.at(-2)?.at);
  });

  it('stays at the ends', () => {
    const player = playerOf();
    player.previous();
    expect(player.now).toBe(0);
    player.seek(99_999);
    player.next();
    expect(player.now).toBe(10_000);
    player.seek(-5);
    expect(player.now).toBe(0);
  });

  it('steps back to the last happening from between two', () => {
    const player = playerOf();
    player.seek(1000);
    const { current } = player;
    expect(current?.at).toBeLessThan(1000);
    player.previous();
    expect([player.current, player.now]).toEqual([current, current?.at]);
  });

  it('plays at its speed, and not while it is paused', () => {
    const player = playerOf();
    player.speed = 0.5;
    player.advance(100);
    expect(player.now).toBe(0);
    player.toggle();
    player.advance(100);
    expect(player.now).toBe(50);
    player.toggle();
    player.advance(100);
    expect(player.now).toBe(50);
  });

  it('stops at the instant of the failure, and plays on from there', () => {
    const player = playerOf();
    player.speed = 1;
    player.toggle();
    player.advance(9000);
    expect([player.now, player.isPlaying]).toEqual([FAILED_AT, false]);
    expect(player.current?.kind).toBe('failed');
    player.toggle();
    player.advance(1000);
    expect([player.now, player.isPlaying]).toEqual([FAILED_AT + 1000, true]);
  });

  it('stops at the end, and begins anew from there', () => {
    const player = playerOf({ failure: null });
    player.speed = 1;
    player.toggle();
    player.advance(20_000);
    expect([player.now, player.isPlaying]).toEqual([10_000, false]);
    player.toggle();
    expect([player.now, player.isPlaying]).toEqual([0, true]);
  });

  it('goes to the failure, whatever is followed', () => {
    const player = playerOf();
    player.follow({ key: 'no such key', node: '' });
    player.toFailure();
    expect(player.now).toBe(FAILED_AT);
  });

  it('goes nowhere where nothing failed', () => {
    const player = playerOf({ failure: null });
    player.seek(1234);
    player.toFailure();
    expect(player.now).toBe(1234);
  });

  it('keeps its instant when it follows something else, and steps only through that', () => {
    const player = playerOf();
    player.seek(2000);
    player.follow({ key: 'dark-mode', node: '' });
    expect(player.now).toBe(2000);
    player.next();
    expect(player.current === null ? '' : wordsOf(player.current)).toContain('(dark-mode)');
  });

  it('keeps its window within the run and the present within the window', () => {
    const player = playerOf();
    for (const at of [0, 5000, 10_000]) {
      player.seek(at);
      const { from, until } = player.window;
      expect([from >= 0, from <= at, at <= until, until <= 10_000]).toEqual([true, true, true, true]);
    }
  });

  it('shows the whole run at most, and never more messages than can be drawn at once', () => {
    const every = (count: number): TraceMessage[] =>
      Array.from({ length: count }, (_, place) => messageAt((place * 10_000) / count));
    const small = playerOf({ messages: every(400) });
    small.zoom(100);
    expect(small.window).toEqual({ from: 0, until: 10_000 });
    const large = playerOf({ messages: every(50_000) });
    large.seek(5000);
    large.zoom(100);
    const { from, until } = large.window;
    expect(large.timeline.messagesIn(from, until).length).toBeLessThan(600);
    large.zoom(-100);
    expect(large.span).toBe(5);
  });

  it('takes a run in which nothing happened', () => {
    const player = playerOf({ messages: [], marks: [], faults: [], failure: null, until: 0 });
    player.next();
    player.previous();
    player.zoom(1);
    player.toggle();
    player.advance(16);
    expect([player.now, player.isPlaying, player.current]).toEqual([0, false, null]);
    expect(player.window).toEqual({ from: 0, until: 0 });
  });
});
