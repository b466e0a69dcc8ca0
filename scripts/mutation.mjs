// npm run test:mutation [-- AREA…]: Stryker over the rules, one area after the other (scripts/mutation/areas.mjs).
// A mutant that no test noticed fails it, unless docs/mutation.md lists it with the reason why it changes nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, node24, root } from './bootstrap.mjs';

install();
// Needs what was just installed.
const { AREAS } = await import('./mutation/areas.mjs');
const { figuresOf, rowsOf } = await import('./mutation/report.mjs');

const asked = process.argv.slice(2);
const unknown = asked.filter((area) => AREAS[area] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`There is no area ${unknown.join(', ')}; there are ${Object.keys(AREAS).join(', ')}.\n`);
  process.exit(2);
}

const hooks = new URL('mutation/hooks.mjs', import.meta.url).href;
const run = (args, area) =>
  spawnSync(node24(), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, MUTATION_AREA: area },
  }).status === 0;

/** The area's rows of docs/mutation.md, each without its reason. */
function listedOf(area) {
  const [, section = ''] = readFileSync(join(root, 'docs', 'mutation.md'), 'utf8').split(`\n## ${area}\n`);
  const lines = section.split('\n## ')[0].split('\n');
  return lines.flatMap((line) => line.match(/^(\| `.*\|) \S.*\|$/)?.[1] ?? []);
}

/** The rows that have none of their own among the others. Lines move with every change above them, and do not count. */
function without(rows, others) {
  const keyOf = (row) => row.replace(/:\d+`/, '`');
  const left = others.map(keyOf);
  return rows.filter((row) => {
    const found = left.indexOf(keyOf(row));
    if (found !== -1) left.splice(found, 1);
    return found === -1;
  });
}

function isProved(area) {
  process.stderr.write(`\n== ${area}\n`);
  const unmutated = join(root, 'scripts', 'mutation', 'unmutated.mjs');
  if (!run(['--import', hooks, '--conditions=ptt-src', unmutated], area)) return false;
  if (!run([join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js'), 'run'], area)) return false;

  const report = JSON.parse(readFileSync(join(root, 'reports', 'mutation', `${area}.json`), 'utf8'));
  const survived = rowsOf(report);
  const listed = listedOf(area);
  const unlisted = without(survived, listed);
  const gone = without(listed, survived);
  process.stderr.write(`\n${figuresOf(area, report)}\n`);
  if (unlisted.length > 0) process.stderr.write(`\nNo test noticed, and not in the list:\n${unlisted.join('\n')}\n`);
  if (gone.length > 0) process.stderr.write(`\nIn the list, and no survivor:\n${gone.join('\n')}\n`);
  return unlisted.length === 0 && gone.length === 0;
}

const failed = (asked.length > 0 ? asked : Object.keys(AREAS)).filter((area) => !isProved(area));
if (failed.length > 0) process.stderr.write(`\nNot as docs/mutation.md says: ${failed.join(', ')}\n`);
process.exit(failed.length > 0 ? 1 : 0);
