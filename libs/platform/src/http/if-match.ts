import { PttError } from '#libs/kernel';

/** A version as a strong entity tag: `"7"`. */
export function formatETag(version: number): string {
  return `"${String(version)}"`;
}

const STRONG_VERSION = /^"(0|[1-9]\d{0,15})"$/;

/**
 * The version that a change is conditional on; null when it is not.
 * `*` is refused: it would mean "whatever is there", which is what leaving the header out means already,
 * and who sends it believes to be protected.
 *
 * @throws PttError `invalid_if_match` for anything but one strong entity tag of ours: `*`, `W/"7"`, a list, `7`.
 */
export function parseIfMatch(header: string | undefined): number | null {
  if (header === undefined) return null;
  const version = Number(STRONG_VERSION.exec(header.trim())?.[1] ?? Number.NaN);
  if (Number.isSafeInteger(version)) return version;
  const detail =
    'If-Match takes one strong entity tag as it was given out, such as "7" with its quotes; or leave it out';
  throw new PttError('invalid_if_match', { detail, pointer: '#/header/If-Match' });
}
