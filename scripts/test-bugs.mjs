// npm run test:bugs [-- ids…] [-- --rates N]: the bug bank. With each fault planted the tests of its own class pass, and
// the simulator's checker named for it finds it within 200 seeds. Exit 1 where one of the two does not hold.
// --rates N writes docs/bug-bank.md, with the hit rate over the first N seeds.
import { spawnSync } from 'node:child_process';
import { install, node24, root } from './bootstrap.mjs';

install();
const hooks = new URL('./swc-hooks.mjs', import.meta.url).href;
const main = new URL('./bugs/main.mjs', import.meta.url).pathname;
const run = spawnSync(node24(), ['--import', hooks, '--conditions=ptt-src', main, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
