#!/usr/bin/env node
// What `ptt` and `npm start` run: installs what is missing, builds what changed, and runs the command line in dist/
// under Node 24. Started by an older Node it starts the project's own and passes signals and the exit code on.
import { spawn } from 'node:child_process';
import * as module from 'node:module';
import { join } from 'node:path';
import { install, node24, root } from './bootstrap.mjs';
import { buildIfStale } from './build.mjs';

install();
const node = node24();

if (node === process.execPath) {
  const failed = buildIfStale();
  if (failed !== 0) {
    process.stderr.write('The build failed; the lines above say where. Nothing was started.\n');
    process.exit(failed);
  }
  // What V8 made of the bundle is kept between starts.
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'compile'));
  // A stack names lines of the sources, not of the bundle.
  process.setSourceMapsEnabled(true);
  await import('../dist/ptt.js');
} else {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  // A terminal sends ctrl-C to the child as well; passed on once more it would look like a second one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
