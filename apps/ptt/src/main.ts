import 'reflect-metadata';
import { run } from './program.ts';

let hasResult = false;

// Whoever reads a result has read enough, as `head` has: the rest is said to nobody. What `up` writes is no result, and
// deals with its own reader.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (!hasResult) return;
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), {
  out: (line) => {
    hasResult = true;
    process.stdout.write(`${line}\n`);
  },
  err: (line) => process.stderr.write(`${line}\n`),
  env: process.env,
});
