// npm test: installs what is missing, runs every hermetic suite, and then 200 simulated seeds. Arguments go to jest,
// and only that runs then: npm test -- libs/flags
// `--browser` runs the suites that need a browser instead. The runner's own counts go to reports/tests.json or
// reports/browser.json, from which .ci/run makes its last line.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, node24, root } from './bootstrap.mjs';
import { simulate } from './simulate.mjs';

install();
mkdirSync(join(root, 'reports'), { recursive: true });
const args = process.argv.slice(2);
const suites =
  args[0] === '--browser'
    ? ['--config=test/e2e/jest.config.mjs', '--outputFile=reports/browser.json', ...args.slice(1)]
    : ['--outputFile=reports/tests.json', ...args];
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const run = spawnSync(
  node24(),
  ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '--json', ...suites],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
const simulated = args.length === 0 ? simulate([]) : 0;
process.exit((run.status ?? 1) || simulated);
