import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { isRecord, parseJson, PttError } from '#libs/kernel';
import { parseOutcome, type SeedOutcome, type Setting } from '#libs/sim';
import type { Timed } from './seed-workers.ts';

/** The one version of these files. */
const VERSION = 1;

/** What is run, and of which state of the sources: outcomes of anything else do not count for it. */
export interface RunOf {
  readonly commit: string;
  readonly first: number;
  readonly count: number;
  readonly setting: Setting;
  /** The files of the kept seeds that are run too. */
  readonly kept: readonly string[];
}

/** One run's outcomes, by their places among the runs that are to be made. */
export interface EarlierOutcomes {
  readonly outcomes: ReadonlyMap<number, Timed>;
  /** What was spent on them, in real milliseconds. */
  readonly wallMs: number;
  /** Keeps one more. @param wallMs what was spent so far, that of earlier parts included */
  add(place: number, timed: Timed, wallMs: number): void;
}

/**
 * A file of outcomes, a line each behind one that says of which run they are: a long run that was interrupted goes on
 * from it. A line that was not written to its end is run again.
 */
export class OutcomeFile implements EarlierOutcomes {
  readonly outcomes: ReadonlyMap<number, Timed>;
  readonly wallMs: number;
  readonly #path: string;

  private constructor(path: string, outcomes: ReadonlyMap<number, Timed>, wallMs: number) {
    this.#path = path;
    this.outcomes = outcomes;
    this.wallMs = wallMs;
  }

  /** Makes the file, or reads what it has of this run. @throws PttError `usage`, of a file that is none or another run's */
  static open(path: string, run: RunOf): OutcomeFile {
    const head = JSON.stringify({ version: VERSION, ...run });
    // A device would never come to its end.
    if (existsSync(path) && !statSync(path).isFile()) refuse(path, 'it is no file');
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole === '') {
      if (text !== '' && !head.startsWith(text)) refuse(path, 'it is no file of outcomes');
      writeFileSync(path, `${head}\n`);
      return new OutcomeFile(path, new Map(), 0);
    }
    const [first = '', ...lines] = whole.split('\n').slice(0, -1);
    if (first !== head) refuse(path, differenceOf(first, { version: VERSION, ...run }));
    const outcomes = new Map<number, Timed>();
    let wallMs = 0;
    for (const [index, line] of lines.entries()) {
      const read = readLine(line) ?? refuse(path, `line ${index + 2} is no outcome`);
      outcomes.set(read.place, read.timed);
      wallMs = Math.max(wallMs, read.wallMs);
    }
    if (whole !== text) truncateSync(path, Buffer.byteLength(whole));
    return new OutcomeFile(path, outcomes, wallMs);
  }

  add(place: number, { outcome, tookMs }: Timed, wallMs: number): void {
    appendFileSync(this.#path, `${JSON.stringify({ place, tookMs, wallMs, outcome })}\n`);
  }
}

function readLine(line: string): { readonly place: number; readonly wallMs: number; readonly timed: Timed } | null {
  const read = jsonOf(line);
  if (!isRecord(read)) return null;
  const { place, tookMs, wallMs } = read;
  const outcome: SeedOutcome | null = parseOutcome(read['outcome']);
  if (typeof place !== 'number' || typeof tookMs !== 'number' || typeof wallMs !== 'number') return null;
  return outcome === null ? null : { place, wallMs, timed: { outcome, tookMs } };
}

const MEMBERS = ['version', 'commit', 'first', 'count', 'setting', 'kept'] as const;

/** What of another run's first line is not this run's. */
function differenceOf(line: string, run: RunOf & { readonly version: number }): string {
  const read = jsonOf(line);
  const textOf = (value: unknown): string => JSON.stringify(value) ?? 'missing';
  const name = isRecord(read) ? MEMBERS.find((member) => textOf(read[member]) !== textOf(run[member])) : undefined;
  if (!isRecord(read) || name === undefined) return 'it is no file of outcomes';
  return `its ${name} is ${textOf(read[name])}, and here it is ${textOf(run[name])}`;
}

function jsonOf(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return null;
  }
}

function refuse(path: string, why: string): never {
  const detail = `${path} cannot be gone on with (--resume): ${why}. Give another file, or take this one away.`;
  throw new PttError('usage', { detail });
}
