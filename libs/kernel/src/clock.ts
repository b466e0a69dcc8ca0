/** Milliseconds since 1970-01-01T00:00:00Z, whole. */
export type Instant = number;

/** Where time comes from. Rules never read it themselves: they are given an instant. */
export abstract class Clock {
  /** The wall clock, in whole milliseconds; it may step back. */
  abstract now(): Instant;
  /** Milliseconds from an arbitrary origin, with fractions; it never steps back. For durations. */
  abstract monotonicMs(): number;
}

/** Ends what was begun; harmless when it has already run. */
export type Cancel = () => void;

/** Where waiting comes from. */
export abstract class Scheduler {
  /** Runs `task` once after `delayMs`. A task must not throw. */
  abstract after(delayMs: number, task: () => void): Cancel;

  /** Runs `task` once at the end of this turn, when all that has already come in was taken in. A task must not throw. */
  abstract atTurnEnd(task: () => void): void;

  /** Resolves after `delayMs`. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Runs `task` again and again, `periodMs` after the previous run ended, until cancelled. */
  every(periodMs: number, task: () => void | Promise<void>): Cancel {
    let cancelled = false;
    let cancel: Cancel = () => undefined;
    const run = (): void => {
      void Promise.resolve(task()).then(() => {
        if (!cancelled) cancel = this.after(periodMs, run);
      });
    };
    cancel = this.after(periodMs, run);
    return () => {
      cancelled = true;
      cancel();
    };
  }
}

/** The second that was told last, and its text as far as the point: most instants of a busy service fall into it. */
let second: Instant = Number.NaN;
let secondText = '';

/** RFC 3339 in UTC with milliseconds: `2026-11-22T21:06:38.000Z`. @throws RangeError for what is no instant of a Date */
export function toIso(at: Instant): string {
  const ms = at - Math.floor(at / 1_000) * 1_000;
  if (at - ms !== second) {
    secondText = new Date(at).toISOString().slice(0, -'000Z'.length);
    second = at - ms;
  }
  return `${secondText}${String(ms).padStart(3, '0')}Z`;
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
/** A text of no more has no more than milliseconds. */
const MS_LENGTH = '2026-11-22T21:06:38.000Z'.length;
/** Every month has so many days. */
const SHORTEST_MONTH = 28;

/** The instant that an RFC 3339 text names, cut (not rounded) to milliseconds; null when it names none. */
export function parseInstant(text: string): Instant | null {
  if (!RFC3339.test(text)) return null;
  const at = Date.parse(text.length > MS_LENGTH ? text.replace(/(\.\d{3})\d+/, '$1') : text);
  if (Number.isNaN(at)) return null;
  // Date.parse rolls 30 February over into March: a day that does not exist is no instant.
  const day = Number(text.slice(8, 10));
  if (day <= SHORTEST_MONTH) return at;
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return day > lastDay ? null : at;
}
