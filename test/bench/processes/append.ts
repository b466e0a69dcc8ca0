// Bare append and fdatasync of lines of a given size, those that wait together with one fsync: what no store can beat.
import { close, fdatasync, open, write } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { announce, input } from '../child.ts';
import { rateOf } from '../rate.ts';

/** As many rounds of promises as the store waits for callers who come straight back, so that groups are as large. */
const ROUNDS = 16;

const folder = await mkdtemp(join(tmpdir(), 'ptt-bench-'));
const file = await promisify(open)(join(folder, 'journal.log'), 'a');
const writeBytes = promisify(write);
const sync = promisify(fdatasync);
const line = `${'x'.repeat(Number(input()['lineBytes']) - 1)}\n`;

let waiting: (() => void)[] = [];
let isWriting = false;

async function writeAll(): Promise<void> {
  isWriting = true;
  while (waiting.length > 0) {
    for (let round = 0; round < ROUNDS; round += 1) await Promise.resolve();
    const group = waiting;
    waiting = [];
    await writeBytes(file, Buffer.from(line.repeat(group.length)));
    await sync(file);
    for (const resolve of group) resolve();
  }
  isWriting = false;
}

function append(): Promise<void> {
  const safe = new Promise<void>((resolve) => waiting.push(resolve));
  if (!isWriting) void writeAll();
  return safe;
}

announce({}, { writes: (callers) => rateOf(callers, append) }, async () => {
  await promisify(close)(file);
  await rm(folder, { recursive: true });
});
