import { type Instant, invariant } from '#libs/kernel';

/** The milliseconds that fit the 48 bits of a UUID v7: up to the year 10889. */
const INSTANT_MAX = 2 ** 48 - 1;

/**
 * A UUID version 7 (RFC 9562, 5.7) of its parts.
 * @param randA 12 bits, here a counter within one millisecond
 * @param randB 16 hex digits, of which the first two bits give way to the variant
 */
export function uuidV7Of(at: Instant, randA: number, randB: string): string {
  invariant(Number.isInteger(at) && at >= 0 && at <= INSTANT_MAX, 'an instant of a UUID v7 has 48 bits');
  const time = at.toString(16).padStart(12, '0');
  const variant = ((Number.parseInt(randB.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
  const counter = randA.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${variant}${randB.slice(1, 4)}-${randB.slice(4, 16)}`;
}
