import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { parseJsonObject, PttError } from '#libs/kernel';
import { parseOutcome, type Setting } from '#libs/sim';
import type { Timed } from './seed-workers.ts';
import { type KeptOutcome, OutcomeStore } from './simulation.ts';

/** The one version of these files. */
const VERSION = 1;

/** What is run, and of which state of the sources: outcomes of anything else do not count for it. */
export interface RunOf {
  /** The state of the sources, exactly. */
  readonly sources: string;
  readonly first: number;
  readonly count: number;
  readonly setting: Setting;
  /** The files of the kept seeds that are run too. */
  readonly kept: readonly string[];
}

/**
 * A file of outcomes, a line each behind one that says of which run they are: a long run that was interrupted goes on
 * from it. A line that was not written to its end is run again.
 */
export class OutcomeFile extends OutcomeStore {
  readonly outcomes: ReadonlyMap<number, Timed>;
  readonly wallMs: number;
  readonly #path: string;
  readonly #file: number;
  /** How long the file is, as far as this run knows. */
  #size: number;

  private constructor(path: string, { outcomes, wallMs, file, size }: Opened) {
    super();
    this.#path = path;
    this.#file = file;
    this.#size = size;
    this.outcomes = outcomes;
    this.wallMs = wallMs;
  }

  /**
   * Makes the file, or reads what it has of this run.
   * @param seeds which seed is run at each place
   * @throws PttError `usage`, of a file that is none or another run's
   */
  static open(path: string, run: RunOf, seeds: readonly number[]): OutcomeFile {
    // A device may never come to its end.
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && !found.isFile()) refuse(path, 'it is no file');
    const text = found === undefined ? '' : readFileSync(path, 'utf8');
    const head = headOf(run);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole === '') {
      if (!head.startsWith(text)) refuse(path, 'it is no file of outcomes');
      const file = openSync(path, 'a');
      ftruncateSync(file);
      writeSync(file, head);
      return new OutcomeFile(path, { outcomes: new Map(), wallMs: 0, file, size: Buffer.byteLength(head) });
    }
    if (!whole.startsWith(head)) refuse(path, whyNot(whole, run));
    const outcomes = new Map<number, Timed>();
    let wallMs = 0;
    for (const [index, line] of whole.slice(head.length).split('\n').slice(0, -1).entries()) {
      const read = readLine(line);
      if (read === null) return refuse(path, `line ${index + 2} is no outcome`);
      if (seeds[read.place] !== read.timed.outcome.seed) refuse(path, `line ${index + 2} is of a seed that is not run`);
      if (outcomes.has(read.place)) refuse(path, `line ${index + 2} is of a seed that has one`);
      outcomes.set(read.place, read.timed);
      wallMs = Math.max(wallMs, read.wallMs);
    }
    const file = openSync(path, 'a');
    const size = Buffer.byteLength(whole);
    ftruncateSync(file, size);
    return new OutcomeFile(path, { outcomes, wallMs, file, size });
  }

  /** @throws PttError `usage` where somebody else writes to the file, or took it away */
  add({ place, timed: { outcome, tookMs }, wallMs }: KeptOutcome): void {
    const { size, nlink } = fstatSync(this.#file);
    if (size !== this.#size || nlink === 0) refuse(this.#path, 'it was changed or taken away while it was written');
    const line = `${JSON.stringify({ place, tookMs, wallMs, outcome })}\n`;
    writeSync(this.#file, line);
    this.#size += Buffer.byteLength(line);
  }

  close(): void {
    closeSync(this.#file);
  }
}

interface Opened {
  readonly outcomes: ReadonlyMap<number, Timed>;
  readonly wallMs: number;
  readonly file: number;
  readonly size: number;
}

function headOf(run: RunOf): string {
  return `${JSON.stringify({ version: VERSION, ...run })}\n`;
}

function readLine(line: string): KeptOutcome | null {
  const read = parseJsonObject(line);
  if (read === null) return null;
  const { place, tookMs, wallMs } = read;
  const outcome = parseOutcome(read['outcome']);
  if (typeof place !== 'number' || typeof tookMs !== 'number' || typeof wallMs !== 'number') return null;
  return outcome === null ? null : { place, wallMs, timed: { outcome, tookMs } };
}

/** What of another run's first line is not this run's. */
function whyNot(text: string, run: RunOf): string {
  const there = parseJsonObject(text.split('\n', 1).join(''));
  const here = parseJsonObject(headOf(run));
  if (there?.['version'] === undefined || here === null) return 'it is no file of outcomes';
  const textOf = (value: unknown): string => JSON.stringify(value) ?? 'missing';
  const name = Object.keys(here).find((member) => textOf(there[member]) !== textOf(here[member]));
  if (name === undefined) return 'its first line is not as it was written';
  return `its ${name} is ${textOf(there[name])}, and here it is ${textOf(here[name])}`;
}

function refuse(path: string, why: string): never {
  const detail = `${path} cannot be gone on with (--resume): ${why}. Give another file, or take this one away.`;
  throw new PttError('usage', { detail });
}
