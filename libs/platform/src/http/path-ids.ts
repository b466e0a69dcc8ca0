import { LIMITS, PttError } from '#libs/kernel';
import { pointTo } from './pointer.ts';

const CONTROL = /\p{Cc}/u;

/** The router measures before decoding: each UTF-16 unit of an id takes at most nine characters there (`%E2%82%AC`). */
export const ENCODED_ID_LENGTH = LIMITS.subjectIdLength * 9;

/**
 * Checks the ids in a path, decoded: they become keys, file contents and log lines.
 * @throws PttError `invalid_field` with the pointer `#/path/NAME`
 */
export function checkPathIds(params: Readonly<Record<string, string>>): void {
  for (const [name, id] of Object.entries(params)) {
    const fault = name === '*' ? null : faultOf(id);
    if (fault !== null) throw new PttError('invalid_field', { detail: fault, pointer: pointTo('#/path', name) });
  }
}

function faultOf(id: string): string | null {
  if (id.length > LIMITS.subjectIdLength) return `an id has at most ${String(LIMITS.subjectIdLength)} characters`;
  if (CONTROL.test(id)) return 'an id has no control characters';
  if (/[/\\]/.test(id)) return 'an id has no slashes, encoded ones neither';
  if (id === '.' || id === '..') return 'an id is not a step in a path';
  return null;
}
