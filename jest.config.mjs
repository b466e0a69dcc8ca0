import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));

export default {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/scripts/property-seed.mjs'],
  testEnvironmentOptions: { customExportConditions: ['ptt-src', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  // They need a browser: npm run test:browser.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
  // Below the root only: the mutation sandbox is itself a root inside .stryker-tmp.
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.stryker-tmp', '<rootDir>/reports'],
  workerIdleMemoryLimit: '600MB',
  // For what starts applications on a busy machine; no test waits for time to pass.
  testTimeout: 30_000,
  maxWorkers: 2,
};
