// npm test: installs what is missing and runs every hermetic suite. Arguments go to jest: npm test -- libs/flags
// The runner's own counts go to reports/tests.json, from which .ci/run makes its last line.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, node24, root } from './bootstrap.mjs';

install();
mkdirSync(join(root, 'reports'), { recursive: true });
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const run = spawnSync(
  node24(),
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    '--json',
    '--outputFile=reports/tests.json',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exit(run.status ?? 1);
