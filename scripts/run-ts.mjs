// node scripts/run-ts.mjs FILE.ts [arguments]: one of the project's own scripts, from its TypeScript source.
import { spawnSync } from 'node:child_process';
import { node24 } from './bootstrap.mjs';

const hooks = new URL('./swc-hooks.mjs', import.meta.url).href;
const run = spawnSync(node24(), ['--import', hooks, '--conditions=ptt-src', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
