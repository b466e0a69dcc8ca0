// node scripts/count.mjs [FAILED STEP…]: the end of .ci/run. The last line is what the test runners counted, and each
// simulated seed as one test.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

const failedSteps = process.argv.slice(2);
const SUITES = ['tests', 'browser'];
const results = SUITES.flatMap((suite) => {
  const report = join(root, 'reports', `${suite}.json`);
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
});

const simulation = join(root, 'reports', 'simulation.json');
const seeds = existsSync(simulation) ? seedsIn(JSON.parse(readFileSync(simulation, 'utf8'))) : null;

const tests = results.flatMap(({ assertionResults }) => assertionResults);
const passed = tests.filter(({ status }) => status === 'passed').length + (seeds?.passed ?? 0);
const skipped = tests.filter(({ status }) => ['pending', 'skipped', 'todo', 'disabled'].includes(status));
// A file that could not even be loaded has no tests to count, and fails as one.
const unloaded = results.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
const failed = tests.filter(({ status }) => status === 'failed').length + unloaded.length + (seeds?.failed ?? 0);

const say = (line) => process.stdout.write(`${line}\n`);
for (const { name } of unloaded) say(`could not be loaded: ${name.slice(root.length)}`);
// A test that is skipped says why in its own name.
for (const { fullName } of skipped) say(`skipped: ${fullName}`);
for (const step of failedSteps) say(`failed step: ${step}`);
if (tests.length === 0) say('failed: no test ran');
if (seeds === null) say('failed: no seed was simulated');
say(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(failed > 0 || failedSteps.length > 0 || tests.length === 0 || seeds === null ? 1 : 0);

/** Those that were asked for, and those that are kept. */
function seedsIn({ seeds: asked, kept }) {
  return { passed: asked.passed + kept.passed, failed: asked.failed + kept.failed };
}
