// node scripts/run-ts.mjs FILE.ts [arguments]: one of the project's own scripts, from its TypeScript source.
import { spawnSync } from 'node:child_process';

const run = spawnSync(
  process.execPath,
  ['--import', new URL('./swc-hooks.mjs', import.meta.url).href, '--conditions=ptt-src', ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(run.status ?? 1);
