// node scripts/count.mjs [FAILED STEP…]: the end of .ci/run. The last line is what the test runners counted, and each
// simulated seed and each planted fault as one test.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

const failedSteps = process.argv.slice(2);
const SUITES = ['tests', 'browser'];
const results = SUITES.flatMap((suite) => {
  const report = join(root, 'reports', `${suite}.json`);
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
});

const seeds = countsIn('simulation', ({ seeds: asked, kept }) => [asked, kept]);
const faults = countsIn('bug-bank', (counts) => [counts]);

const tests = results.flatMap(({ assertionResults }) => assertionResults);
const passed = tests.filter(({ status }) => status === 'passed').length + seeds.passed + faults.passed;
const skipped = tests.filter(({ status }) => ['pending', 'skipped', 'todo', 'disabled'].includes(status));
// A file that could not even be loaded has no tests to count, and fails as one.
const unloaded = results.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
const failedTests = tests.filter(({ status }) => status === 'failed').length + unloaded.length;
const failed = failedTests + seeds.failed + faults.failed;

const say = (line) => process.stdout.write(`${line}\n`);
for (const { name } of unloaded) say(`could not be loaded: ${name.slice(root.length)}`);
// A test that is skipped says why in its own name.
for (const { fullName } of skipped) say(`skipped: ${fullName}`);
for (const step of failedSteps) say(`failed step: ${step}`);
const nothingRan = Object.entries({ test: tests.length, seed: countOf(seeds), 'planted fault': countOf(faults) })
  .filter(([, count]) => count === 0)
  .map(([what]) => what);
for (const what of nothingRan) say(`failed: no ${what} ran`);
say(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(failed > 0 || failedSteps.length > 0 || nothingRan.length > 0 ? 1 : 0);

function countOf(counts) {
  return counts.passed + counts.failed;
}

/** The sum of those counts that `pick` finds in a report; nothing where there is none. */
function countsIn(name, pick) {
  const report = join(root, 'reports', `${name}.json`);
  const all = existsSync(report) ? pick(JSON.parse(readFileSync(report, 'utf8'))) : [];
  const sum = (key) => all.reduce((total, counts) => total + counts[key], 0);
  return { passed: sum('passed'), failed: sum('failed') };
}
