// Installs what package-lock.json lists, once per lock. It runs under the user's own Node (20 or later), before the
// project's is there, so it uses nothing newer. Everything it says goes to standard error.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const modules = join(root, 'node_modules');
const stamp = join(modules, '.lock-sha256');

/** Ends the process, with words, where the installation fails. */
export function install() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const want = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return;
  // `npm ci` begins by deleting everything, so a whole installation that somebody made by hand is taken as it is.
  if (isInstalled(JSON.parse(lock))) {
    writeFileSync(stamp, want);
    return;
  }
  process.stderr.write('Installing what package-lock.json lists (about a minute, once)…\n');
  // --include: NODE_ENV=production or a user's `omit` would leave out the compiler, or Node itself.
  const words = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const run = spawnSync('npm', words, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (run.status !== 0) {
    process.stderr.write('npm ci failed; the lines above say why. Nothing was started.\n');
    process.exit(run.status ?? 1);
  }
  writeFileSync(stamp, want);
}

/** npm writes its hidden lock last: a half installation has none. */
function isInstalled(lock) {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const { packages } = JSON.parse(readFileSync(hidden, 'utf8'));
  return Object.entries(lock.packages).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true;
    const found = packages[path]?.version;
    return found === version || (found === undefined && (optional === true || devOptional === true));
  });
}

/**
 * A Node of at least 24: this one, or the one that the project brings for Linux.
 * Ends the process, with words, where there is none.
 */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const own = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (!existsSync(own)) {
    process.stderr.write(
      `Node 24 or later is needed, this is ${process.version}. The project brings one for Linux on x64 and arm64 only; elsewhere install it first.\n`,
    );
    process.exit(1);
  }
  return own;
}
