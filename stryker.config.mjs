// One area of npm run test:mutation (scripts/mutation.mjs): which changes of its rules no test would notice.
import { AREAS, testsOf } from './scripts/mutation/areas.mjs';

const area = process.env.MUTATION_AREA ?? 'gate';
const hooks = new URL('scripts/mutation/hooks.mjs', import.meta.url).href;

export default {
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner'],
  testRunnerNodeArgs: ['--import', hooks, '--conditions=ptt-src'],
  mochaOptions: { spec: testsOf(area), extension: ['ts'] },
  coverageAnalysis: 'perTest',
  mutate: AREAS[area].mutate,
  ignorePatterns: ['.stryker-tmp', 'dist', 'reports', '.data', 'docs'],
  concurrency: 2,
  // Long enough for a busy machine: a survivor that was taken for a hang would be counted as killed.
  timeoutMS: 20_000,
  timeoutFactor: 4,
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false },
  htmlReporter: { fileName: `reports/mutation/${area}.html` },
  jsonReporter: { fileName: `reports/mutation/${area}.json` },
  tempDirName: `.stryker-tmp/${area}`,
  warnings: { slow: false },
  thresholds: { high: 95, low: 90, break: null },
};
