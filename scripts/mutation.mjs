// npm run test:mutation [-- AREA…]: Stryker over the rules, one area after the other: every `domain` folder, and the gate.
// Area by area because each mutant loads every test of its run: all at once took minutes a mutant.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, node24, root } from './bootstrap.mjs';

install();
const areas = readdirSync(join(root, 'libs')).filter(
  (lib) => lib === 'gate' || existsSync(join(root, 'libs', lib, 'src', 'domain')),
);
const asked = process.argv.slice(2);
const unknown = asked.filter((area) => !areas.includes(area));
if (unknown.length > 0) {
  process.stderr.write(`There is no area ${unknown.join(', ')}; there are ${areas.join(', ')}.\n`);
  process.exit(2);
}

const stryker = join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const failed = (asked.length > 0 ? asked : areas).filter((area) => {
  process.stderr.write(`\n== ${area}\n`);
  const run = spawnSync(node24(), [stryker, 'run'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      MUTATION_AREA: area,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    },
  });
  return run.status !== 0;
});
if (failed.length > 0) process.stderr.write(`\nBelow 90 %, or not run: ${failed.join(', ')}\n`);
process.exit(failed.length > 0 ? 1 : 0);
