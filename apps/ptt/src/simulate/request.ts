import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isRecord, PttError } from '#libs/kernel';
import { NodeClock } from '#libs/platform';
import { BUGS, FAULT_KINDS, isFaultKind, type Mode, MODES, MOST_SEED, type Setting, STANDARD } from '#libs/sim';
import type { Terminal } from '../terminal.ts';
import { type Sources, sourcesHere } from './sources.ts';
import { keptSeeds } from './kept-seeds.ts';
import { traceLines, writeReport } from './looked-at.ts';
import { OutcomeFile } from './outcome-file.ts';
import { SeedWorkers } from './seed-workers.ts';
import { type Failed, jobsOf, shrinkPlan, simulate, type Simulated, type SimulationPorts } from './simulation.ts';
import { type Finding, jsonOf, wordsOf } from './told.ts';

export interface SimulateOptions {
  readonly seed?: number;
  readonly seeds?: number;
  readonly replicas: number;
  readonly faults: string;
  readonly mode: string;
  readonly bug?: string;
  readonly trace?: 'short' | 'full';
  readonly report?: string;
  readonly summary?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

const MOST_REPLICAS = 8;
/** What each came to is held until all have ended, some 15 kB a seed; more take longer than anybody waits. */
const MOST_SEEDS = 20_000;
/** What `npm run simulate` is, and so what nobody has to say. */
const SEEDS = 200;

/**
 * Refuses what is wrong before anything runs, then simulates and says what came of it.
 * @returns the exit code
 * @throws PttError `usage`
 */
export async function simulateAsAsked(options: SimulateOptions, terminal: Terminal): Promise<number> {
  const asked = requestOf(options);
  refuseFiles(options);
  const sources = sourcesHere();
  const store = options.resume === undefined ? null : outcomesIn(options.resume, asked, sources);
  const runner = new SeedWorkers();
  const ports = {
    runner,
    clock: new NodeClock(),
    progress: (line: string) => terminal.err(line),
    ...(store && { store }),
  };
  try {
    return await run(asked, options, sources.name, ports, terminal);
  } finally {
    await runner.close();
    store?.close();
  }
}

async function run(
  asked: Simulated,
  options: SimulateOptions,
  commit: string,
  ports: SimulationPorts,
  terminal: Terminal,
): Promise<number> {
  const { setting } = asked;
  const simulation = await simulate(asked, ports);
  const finding = setting.mode === 'perf' ? null : await findingOf(simulation.firstFailed, ports);
  const summary = JSON.stringify(jsonOf(simulation, setting, commit, finding), null, 2);
  if (options.summary !== undefined) writeFileSync(options.summary, `${summary}\n`);
  if (options.json === true) terminal.out(summary);
  else for (const line of wordsOf(simulation, setting, commit, finding)) terminal.out(line);
  const look = { ...(simulation.firstFailed ?? simulation.first), commit };
  if (options.trace !== undefined) {
    for (const line of await traceLines(look, options.trace)) {
      // What a script reads stays one JSON document.
      if (options.json === true) terminal.err(line);
      else terminal.out(line);
    }
  }
  if (options.report !== undefined) {
    await writeReport(look, options.report);
    terminal.err(`The replay of seed ${look.spec.seed} is in ${options.report}`);
  }
  return simulation.judgement.exitCode;
}

async function findingOf(failed: Failed | null, ports: SimulationPorts): Promise<Finding | null> {
  return failed === null ? null : { failed, shrunk: await shrinkPlan(failed, ports) };
}

/** What is asked for, each part checked. */
function requestOf(options: SimulateOptions): Simulated {
  const { seed, seeds, bug = null } = options;
  const setting: Setting = {
    replicas: within('--replicas', options.replicas, 1, MOST_REPLICAS),
    faults: faultsOf(options.faults),
    forMs: STANDARD.forMs,
    mode: modeOf(options.mode),
    bug,
  };
  if (bug !== null && !BUGS.some(({ id }) => id === bug)) {
    const ids = BUGS.map(({ id }) => id).join(', ');
    refuse(`There is no bug ${bug} (--bug). There are ${ids}.`);
  }
  const first = within('--seed', seed ?? 1, 0, MOST_SEED);
  const count = within('--seeds', seeds ?? (seed === undefined ? SEEDS : 1), 1, MOST_SEEDS);
  within('--seed and --seeds together', first + count - 1, 0, MOST_SEED);
  const isWhole = seed === undefined && bug === null && setting.mode === 'safety';
  return { first, count, setting, kept: isWhole ? keptSeeds() : [] };
}

/** What an interrupted run left. What is looked for until it is found, and what is timed, is run in one go. */
function outcomesIn(path: string, asked: Simulated, { id }: Sources): OutcomeFile {
  const { first, count, setting, kept } = asked;
  if (setting.bug !== null) refuse('--resume and --bug together mean nothing: a bug is looked for in one go.');
  if (setting.mode === 'perf') refuse('--resume and --mode perf together mean nothing: a pace is taken in one go.');
  const of = { sources: id, first, count, setting, kept: kept.map(({ file }) => file) };
  const seeds = jobsOf(asked).map(({ seed }) => seed);
  return OutcomeFile.open(path, of, seeds);
}

function modeOf(text: string): Mode {
  const mode = MODES.find((one) => one === text);
  if (mode !== undefined) return mode;
  const what = text === 'cutover' ? 'The mode cutover is not built yet' : `There is no mode ${text}`;
  return refuse(`${what} (--mode). There are ${MODES.join(', ')}.`);
}

function faultsOf(text: string): Setting['faults'] {
  if (text === 'swarm' || text === 'none') return text;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !isFaultKind(name));
  if (unknown.length === 0) return names.filter(isFaultKind);
  const what = unknown.map((name) => JSON.stringify(name)).join(', ');
  return refuse(`There is no fault ${what} (--faults). There are swarm, none, or any of ${FAULT_KINDS.join(', ')}.`);
}

function within(name: string, value: number, from: number, to: number): number {
  return value >= from && value <= to ? value : refuse(`${name} is ${value}; allowed is ${from} to ${to}.`);
}

/** Asked before the run, which may take long. */
function refuseFiles({ report, summary, resume }: SimulateOptions): void {
  const paths = [report, summary, resume].filter((path) => path !== undefined);
  for (const path of paths) refuseUnwritable(path);
  const twice = paths.find((path, at) => paths.slice(0, at).some((other) => resolve(other) === resolve(path)));
  if (twice !== undefined)
    refuse(`${twice} is given for two things; --report, --summary and --resume take one file each.`);
}

function refuseUnwritable(path: string): void {
  const folder = dirname(resolve(path));
  try {
    if (existsSync(path)) {
      if (statSync(path).isDirectory()) refuse(`${path} cannot be written: it is a folder.`);
      accessSync(path, constants.W_OK);
    } else {
      if (!statSync(folder).isDirectory()) refuse(`${path} cannot be written: ${folder} is no folder.`);
      accessSync(folder, constants.W_OK);
    }
  } catch (error) {
    if (error instanceof PttError) throw error;
    const why = isRecord(error) ? String(error['code']) : String(error);
    refuse(`${path} cannot be written (${why}); give the path of a file in a folder that is there.`);
  }
}

function refuse(detail: string): never {
  throw new PttError('usage', { detail });
}
