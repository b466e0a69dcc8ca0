// One area of npm run test:mutation (scripts/mutation.mjs): which changes of its rules no test would notice.
import jest from './jest.config.mjs';

const area = process.env.MUTATION_AREA ?? 'gate';
const sources = area === 'gate' ? 'libs/gate/src' : `libs/${area}/src/domain`;

export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    projectType: 'custom',
    // Only the tests beside the rules: a rule is proved there, not by an application that happens to use it.
    config: { ...jest, testMatch: [`<rootDir>/${sources}/**/*.test.ts`] },
    // It would look for related tests through a module map that knows no native modules, and find none.
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  mutate: [`${sources}/**/*.ts`, '!**/*.test.ts', '!**/testing/**', '!**/index.ts', '!**/*.generated.ts'],
  ignorePatterns: ['dist', 'reports', '.data', 'docs'],
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ['clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: `reports/mutation/${area}.html` },
  jsonReporter: { fileName: `reports/mutation/${area}.json` },
  tempDirName: `.stryker-tmp/${area}`,
  thresholds: { high: 95, low: 90, break: 90 },
};
