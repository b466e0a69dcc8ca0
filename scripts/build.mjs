// npm run build: one program, from apps/ and libs/ to dist/.
import { spawnSync } from 'node:child_process';

const run = spawnSync(process.execPath, ['node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: ['ignore', 2, 2],
});
process.exit(run.status ?? 1);
