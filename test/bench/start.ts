import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Ratios } from './floors.ts';
import { ratios, spread } from './statistics.ts';
import { row, say } from './table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NEST = fileURLToPath(new URL('./processes/nest.ts', import.meta.url));

/** A start with everything installed, built and seeded, beside an empty Nest application's. */
export async function compareStart(rounds: number): Promise<Ratios> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ptt-bench-'));
  const nest: number[] = [];
  const help: number[] = [];
  const start: number[] = [];
  // The first round installs, builds and seeds.
  for (let round = -1; round < rounds; round += 1) {
    const figures = [
      await milliseconds([process.execPath, NEST], /^ready/, dataDir),
      await milliseconds([process.execPath, 'scripts/ptt.mjs', '--help'], null, dataDir),
      await milliseconds(['npm', 'start'], /^PTT is up/, dataDir),
    ] as const;
    if (round < 0) continue;
    nest.push(figures[0]);
    help.push(figures[1]);
    start.push(figures[2]);
  }
  await rm(dataDir, { recursive: true });
  say('\nA start, until it is ready');
  row('', 'ms', 'times an empty Nest');
  row('an empty Nest application', spread(nest, 0), '1');
  row('ptt --help, until it ends', spread(help, 0), spread(ratios(help, nest)));
  row('npm start, npm included', spread(start, 0), spread(ratios(start, nest)));
  return { start: ratios(start, nest) };
}

/** From the command until it says that it is ready, or until its end where it says no such thing. */
async function milliseconds([program = '', ...words]: readonly string[], ready: RegExp | null, dataDir: string) {
  const begun = performance.now();
  const child = spawn(program, words, {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: npm alone would leave what it started behind.
    detached: true,
    env: {
      ...process.env,
      PTT_DATA_DIR: dataDir,
      PTT_FF_LISTEN: '127.0.0.1:0',
      PTT_ADMIN_LISTEN: '127.0.0.1:0',
      PTT_ISSUER_LISTEN: '127.0.0.1:0',
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let took: number | null = null;
  for await (const line of createInterface({ input: child.stderr })) {
    if (took !== null || ready?.test(line) !== true) continue;
    took = performance.now() - begun;
    process.kill(-(child.pid ?? 0), 'SIGTERM');
  }
  await ended;
  if (took === null && ready !== null) throw new Error(`${program} ${words.join(' ')} was never ready`);
  return took ?? performance.now() - begun;
}
