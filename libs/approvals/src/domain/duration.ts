/** Milliseconds; whole and never negative. */
export type DurationMs = number;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A day is 24 h: no calendar and no time zone shifts a deadline. */
export const DAY_MS: DurationMs = 24 * HOUR;
const WEEK = 7 * DAY_MS;

/** Beyond a century a duration is a slip of the keyboard, and its deadline would leave what RFC 3339 can name. */
export const LONGEST_DURATION_MS: DurationMs = 36_525 * DAY_MS;

const SHAPE = /^P(?!$)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?!$)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

/**
 * The length of an ISO 8601 duration in whole W, D, H, M and S, such as `P14D` or `PT36H`.
 * Null for anything else: years and months have no fixed length, fractions and signs have no use here.
 */
export function parseDuration(text: string): DurationMs | null {
  const parts = SHAPE.exec(text);
  if (parts === null) return null;
  const [, weeks, days, hours, minutes, seconds] = parts;
  const length =
    Number(weeks ?? 0) * WEEK +
    Number(days ?? 0) * DAY_MS +
    Number(hours ?? 0) * HOUR +
    Number(minutes ?? 0) * MINUTE +
    Number(seconds ?? 0) * SECOND;
  return length > LONGEST_DURATION_MS ? null : length;
}
