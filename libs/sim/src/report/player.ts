import { countUntil, EVERYTHING, type Filter, type Happening, type Timeline } from './timeline.ts';

/** Milliseconds of the run in a millisecond of the reader's. */
export const SPEEDS: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 20, 100];

const NARROWEST_MS = 5;
/** So many messages in a window of the picture can be told apart, and drawn in the time of one frame. */
const WELCOME = 24;
const BEARABLE = 500;
/** How long a reader has for one window. */
const WINDOW_MS = 12_000;
/** Where in its window the present stands: more of what was than of what comes. */
const PRESENT = 0.6;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, high));

/** Where a reader is in a run, and how it goes on. The happenings that the filter lets through are its steps. */
export class Player {
  readonly timeline: Timeline;
  filter: Filter = EVERYTHING;
  happenings: readonly Happening[];
  now: number;
  /** How long the visible window is. */
  span: number;
  speed: number;
  isPlaying = false;
  /** The happening that was last reached; -1 before the first. */
  cursor = -1;
  readonly #widest: number;

  constructor(timeline: Timeline) {
    const { trace, length } = timeline;
    const perMessage = length / Math.max(1, trace.messages.length);
    this.timeline = timeline;
    this.happenings = timeline.happenings(EVERYTHING);
    this.#widest = Math.min(length, Math.max(NARROWEST_MS, perMessage * BEARABLE));
    this.span = clamp(perMessage * WELCOME, Math.min(NARROWEST_MS, length), this.#widest);
    this.speed = SPEEDS.findLast((speed) => speed <= this.span / WINDOW_MS) ?? 0.001;
    this.now = trace.from;
    this.seek(trace.from);
  }

  get current(): Happening | null {
    return this.happenings[this.cursor] ?? null;
  }

  get window(): { readonly from: number; readonly until: number } {
    const { from, until } = this.timeline.trace;
    const start = clamp(this.now - this.span * PRESENT, from, Math.max(from, until - this.span));
    return { from: start, until: start + this.span };
  }

  seek(at: number): void {
    const { from, until } = this.timeline.trace;
    this.now = clamp(at, from, until);
    this.cursor = countUntil(this.happenings, this.now) - 1;
  }

  /** To one of the happenings, by its place among them. */
  goTo(place: number): void {
    const happening = this.happenings[place];
    if (happening === undefined) return;
    this.cursor = place;
    this.now = happening.at;
  }

  next(): void {
    this.goTo(this.cursor + 1);
  }

  /** Between two happenings this is back to the last one. */
  previous(): void {
    const { current } = this;
    if (current !== null && current.at < this.now) this.goTo(this.cursor);
    else if (this.cursor > 0) this.goTo(this.cursor - 1);
  }

  toFailure(): void {
    this.isPlaying = false;
    this.goTo(this.happenings.findIndex(({ kind }) => kind === 'failed'));
  }

  /** Plays on, or from the start again where the end was reached. */
  toggle(): void {
    const { from, until } = this.timeline.trace;
    this.isPlaying = !this.isPlaying;
    if (this.isPlaying && this.now >= until) this.seek(from);
  }

  /** Lets so much of the reader's time pass. The failure is an instant to stop at. */
  advance(elapsedMs: number): void {
    if (!this.isPlaying) return;
    const { until, failure } = this.timeline.trace;
    const then = Math.min(until, this.now + elapsedMs * this.speed);
    if (failure !== null && this.now < failure.at && failure.at <= then) {
      this.toFailure();
      return;
    }
    this.seek(then);
    this.isPlaying = then < until;
  }

  /** Halves or doubles what is visible, so many times. */
  zoom(doublings: number): void {
    this.span = clamp(this.span * 2 ** doublings, Math.min(NARROWEST_MS, this.#widest), this.#widest);
  }

  follow(filter: Filter): void {
    this.filter = filter;
    this.happenings = this.timeline.happenings(filter);
    this.seek(this.now);
  }
}
