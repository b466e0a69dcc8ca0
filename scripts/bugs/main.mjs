// The bug bank, as scripts/test-bugs.mjs starts it. How many faults hold goes to reports/bug-bank.json too, from which
// .ci/run makes its last line.
import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BUGS_BY_AREA } from '#libs/sim';
import { root } from '../bootstrap.mjs';
import { runOwnTests } from './own-tests.mjs';
import { page, table } from './table.mjs';

const words = process.argv.slice(2);
const at = words.indexOf('--rates');
const rates = at < 0 ? 0 : Number(words[at + 1]);
const ids = at < 0 ? words : words.toSpliced(at, 2);

const all = Object.entries(BUGS_BY_AREA).flatMap(([area, bugs]) => bugs.map((bug) => ({ area, bug })));
const wanted = ids.length === 0 ? all : all.filter(({ area, bug }) => ids.includes(bug.id) || ids.includes(area));
const own = runOwnTests(wanted);
const caught = await catchAll(wanted.map(({ bug }) => bug.id));

const rows = wanted.map(({ area, bug }) => ({ area, bug, own: own[bug.id], caught: caught.get(bug.id) }));
process.stdout.write(table(rows, rates));
if (rates > 0 && ids.length === 0) writeFileSync(join(root, 'docs', 'bug-bank.md'), page(rows, rates));
const unsound = new Set();
for (const { bug, own: tests, caught: found } of rows) {
  for (const name of tests?.failed ?? ['they did not run']) fail(bug, `its own tests notice it: ${name}`);
  if ((tests?.passed ?? 0) === 0) fail(bug, 'it has no tests of its own');
  if (typeof found?.first !== 'number')
    fail(bug, `${bug.invariant} does not find it within 200 seeds; others: ${JSON.stringify(found?.others)}`);
}
const counts = { passed: wanted.length - unsound.size, failed: unsound.size };
writeFileSync(join(root, 'reports', 'bug-bank.json'), JSON.stringify(counts));
process.exit(unsound.size === 0 ? 0 : 1);

function fail(bug, why) {
  unsound.add(bug.id);
  process.stderr.write(`${bug.id}: ${why}\n`);
}

/** In so many processes as there are processors, each with every so manieth fault. */
async function catchAll(names) {
  const found = new Map();
  const processes = availableParallelism();
  const share = (index) => names.filter((_, place) => place % processes === index);
  await Promise.all(
    Array.from({ length: processes }, async (_, index) => {
      const child = spawn(
        process.execPath,
        [...process.execArgv, join(root, 'scripts', 'bugs', 'catch.mjs'), String(rates), ...share(index)],
        { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      for await (const line of createInterface({ input: child.stdout })) {
        const one = JSON.parse(line);
        found.set(one.id, one);
      }
    }),
  );
  return found;
}
