// npm run build: from apps/ and libs/ to dist/, and all that the command line loads in one file, dist/ptt.js; what runs in
// a browser is a program of its own, with other globals. It installs what is missing first; `--if-stale` looks whether
// anything changed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install, node24, root } from './bootstrap.mjs';

const PROGRAMS = ['tsconfig.build.json', 'libs/sim/src/report/browser/tsconfig.json'];
const COMPILER = 'node_modules/@typescript/native/bin/tsc';
const STEPS = [...PROGRAMS.map((program) => [COMPILER, '-p', program, '--noEmit', 'false']), ['scripts/bundle.mjs']];

const stamp = join(root, 'dist', '.built');

/** Returns the exit code: 0 when dist/ is whole. */
export function build() {
  const begun = new Date();
  for (const [tool, ...words] of STEPS) {
    const run = spawnSync(node24(), [join(root, tool), ...words], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    if (run.status !== 0) return run.status ?? 1;
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, `${begun.toISOString()}\n`);
  return 0;
}

/** The stamp says when the last build began: what was written while it ran is stale too. */
export function buildIfStale() {
  return isStale() ? build() : 0;
}

function isStale() {
  const built = mtimeMs(stamp);
  if (built === null) return true;
  const inputs = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/bundle.mjs', ...PROGRAMS];
  return inputs.some((file) => isNewer(file, built)) || hasNewer('libs', built) || hasNewer('apps', built);
}

/** A folder's own time counts as well: it changes when a file in it is added, renamed or removed. */
function hasNewer(folder, built) {
  if (isNewer(folder, built)) return true;
  return readdirSync(join(root, folder), { withFileTypes: true }).some((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return hasNewer(path, built);
    return entry.name.endsWith('.ts') && isNewer(path, built);
  });
}

const isNewer = (path, built) => (mtimeMs(join(root, path)) ?? 0) > built;

function mtimeMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  install();
  process.exit(process.argv.includes('--if-stale') ? buildIfStale() : build());
}
