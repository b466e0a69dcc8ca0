// npm run test:mutation: Stryker over the rules. Arguments go to it: npm run test:mutation -- -m libs/gate/src/breaker.ts
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install, node24, root } from './bootstrap.mjs';

install();
const stryker = join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const run = spawnSync(node24(), [stryker, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
});
process.exit(run.status ?? 1);
