// npm run simulate: 200 seeds of standard size, and those that are kept; npm run simulate -- --seeds 500.
// What came of them goes to reports/simulation.json too, from which .ci/run makes its last line.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install, node24, root } from './bootstrap.mjs';

const REPORT = join('reports', 'simulation.json');

/** Returns the exit code: 0 when every seed passed and together they came to all that they should. */
export function simulate(words) {
  install();
  mkdirSync(join(root, 'reports'), { recursive: true });
  // One that ends before its time leaves no report of another one behind.
  rmSync(join(root, REPORT), { force: true });
  const command = [join('scripts', 'ptt.mjs'), 'simulate', '--summary', REPORT, ...words];
  return spawnSync(node24(), command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.exit(simulate(process.argv.slice(2)));
