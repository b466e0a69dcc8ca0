// Runs the tests of each fault's own class with that fault planted: they have to pass.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import base from '../../jest.config.mjs';
import { node24, root } from '../bootstrap.mjs';

/**
 * @param {readonly { bug: import('#libs/sim').Bug, area: string }[]} bugs
 * @returns by the fault's id how many tests passed, and the names of those that did not
 */
export function runOwnTests(bugs) {
  const file = join(root, 'reports', 'bugs.json');
  mkdirSync(join(root, 'reports'), { recursive: true });
  const { maxWorkers, testTimeout, workerIdleMemoryLimit, setupFiles, transform, ...own } = base;
  const [[pattern, [, options]]] = Object.entries(transform);
  const projects = bugs.map(({ bug, area }) => ({
    ...own,
    rootDir: root,
    displayName: bug.id,
    id: 'bugs',
    transform: { [pattern]: [join(root, 'scripts', 'bugs', 'transform.mjs'), options] },
    roots: ['<rootDir>/libs', '<rootDir>/contracts', '<rootDir>/fixtures', '<rootDir>/scripts'],
    globals: { PTT_BUG: { area, id: bug.id } },
    setupFiles,
    setupFilesAfterEnv: ['<rootDir>/scripts/bugs/plant.mjs'],
    testMatch: bug.tests.map((path) => `<rootDir>/${path.endsWith('.test.ts') ? path : `${path}/**/*.test.ts`}`),
  }));
  const reporter = [join(root, 'scripts', 'bugs', 'reporter.mjs'), { file }];
  const config = { rootDir: root, projects, maxWorkers, testTimeout, workerIdleMemoryLimit, reporters: [reporter] };
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  spawnSync(node24(), [...flags, jest, '--config', JSON.stringify(config)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return JSON.parse(readFileSync(file, 'utf8'));
}
