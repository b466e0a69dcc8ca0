// What a mutation run takes for granted: on mocha the area's tests are as many as on Jest, and pass, also a second time
// in one process. Otherwise a survivor, or a mutant that was killed, could come of the runner.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Mocha from 'mocha';
import { root } from '../bootstrap.mjs';
import { testsOf } from './areas.mjs';

const files = testsOf(process.env.MUTATION_AREA);

function passedOnJest() {
  const folder = mkdtempSync(join(tmpdir(), 'ptt-mutation-'));
  const outputFile = join(folder, 'tests.json');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const vm = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  spawnSync(
    process.execPath,
    [...vm, jest, '--silent', '--json', `--outputFile=${outputFile}`, '--runTestsByPath', ...files],
    {
      cwd: root,
      stdio: 'ignore',
    },
  );
  const { numPassedTests } = JSON.parse(readFileSync(outputFile, 'utf8'));
  rmSync(folder, { recursive: true });
  return numPassedTests;
}

function silent() {}
const mocha = new Mocha({ reporter: silent, timeout: 0 }).cleanReferencesAfterRun(false);
for (const file of files) mocha.addFile(join(root, file));
await mocha.loadFilesAsync();

function passedOnMocha() {
  let passed = 0;
  return new Promise((resolve) => {
    const run = mocha.run(() => resolve(passed));
    run.on('pass', () => (passed += 1));
    run.on('fail', (test, { message }) => process.stderr.write(`failed unmutated: ${test.fullTitle()}: ${message}\n`));
  });
}

const passed = [passedOnJest(), await passedOnMocha(), await passedOnMocha()];
process.stderr.write(`passed on Jest, on mocha, on mocha again: ${passed.join(', ')}\n`);
process.exit(new Set(passed).size === 1 && passed[0] > 0 ? 0 : 1);
