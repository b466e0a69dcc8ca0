import { PttError } from '#libs/kernel';

/** What was said of a file, a line each: first of all of it, then of each place. */
export function saidOf(parse: () => unknown): readonly string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (!(error instanceof PttError)) throw error;
    return [error.message, ...error.faults.map(({ pointer, detail }) => `${pointer} ${detail}`)];
  }
}
