// npm run test:mutation: which changes of the rules no test would notice.
import jest from './jest.config.mjs';

export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    projectType: 'custom',
    // Only tests that stand beside the rules: every mutant runs those that reach it, so no application is started.
    config: { ...jest, testMatch: ['<rootDir>/libs/{flags,approvals,gate,audit}/src/**/*.test.ts'] },
    // Jest cannot follow imports of native modules, and would find no test for any mutant.
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  mutate: [
    'libs/*/src/domain/**/*.ts',
    'libs/gate/src/**/*.ts',
    '!**/*.test.ts',
    '!**/testing/**',
    '!**/index.ts',
    '!**/*.generated.ts',
  ],
  ignorePatterns: ['dist', 'reports', '.data', 'docs'],
  concurrency: 2,
  timeoutMS: 10_000,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: 'reports/mutation/index.html' },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  thresholds: { high: 95, low: 90, break: 90 },
};
