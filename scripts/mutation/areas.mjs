// The areas of npm run test:mutation: what is changed, and the tests beside it that have to notice.
import { existsSync, globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';

const domains = readdirSync(join(root, 'libs')).filter((lib) => existsSync(join(root, 'libs', lib, 'src', 'domain')));
const rules = (folder) => ({
  mutate: [`${folder}/**/*.ts`, '!**/*.test.ts', '!**/testing/**', '!**/index.ts', '!**/*.generated.ts'],
  tests: `${folder}/**/*.test.ts`,
});

export const AREAS = {
  gate: rules('libs/gate/src'),
  ...Object.fromEntries(domains.map((lib) => [lib, rules(`libs/${lib}/src/domain`)])),
  cache: rules('libs/cache/src'),
  relay: { mutate: ['libs/bus/src/{outbox,relay}.ts'], tests: 'libs/bus/src/{outbox,relay}*.test.ts' },
};

export const testsOf = (area) => globSync(AREAS[area].tests, { cwd: root }).toSorted();
