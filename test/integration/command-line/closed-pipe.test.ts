import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const WORDS = ['--import', './scripts/swc-hooks.mjs', '--conditions=ptt-src', 'apps/ptt/src/main.ts', 'config'];

it('ends in silence when whoever reads it has read enough, as head does', async () => {
  const child = spawn(process.execPath, WORDS, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: {} });
  child.stdout.destroy();
  let said = '';
  for await (const chunk of child.stderr.setEncoding('utf8')) said += String(chunk);
  const code = child.exitCode ?? (await new Promise((resolve) => void child.once('exit', resolve)));
  expect([said, code]).toEqual(['', 0]);
});
