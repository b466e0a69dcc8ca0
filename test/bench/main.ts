// npm run bench [-- --rounds N] [--only start|http|in-process|writes] [--check]
//
// The built product beside yardsticks that run in the same minute on the same machine, in turns: its ratios to them
// say something, its own figures do not. `--check` exits 1 where a median ratio is below its floor.
import { parseArgs } from 'node:util';
import { MeasuredProcess } from './child.ts';
import { compareHttp } from './http.ts';
import { compareInProcess } from './in-process.ts';
import { compareStart } from './start.ts';
import { say, sum } from './table.ts';
import { compareWrites } from './writes.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    only: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1 on');
const isAsked = (part: string): boolean => values.only === undefined || values.only === part;

say(`${rounds} rounds, in turns; median (least–most)`);
const ofStart = isAsked('start') ? await compareStart(rounds) : {};
const product = await MeasuredProcess.start(new URL('./processes/product.ts', import.meta.url));
const ratios = {
  ...ofStart,
  ...(isAsked('http') ? await compareHttp(product, rounds) : {}),
  ...(isAsked('in-process') ? await compareInProcess(rounds) : {}),
  ...(isAsked('writes') ? await compareWrites(product, rounds) : {}),
};
await product.stop();
const missed = sum(ratios);
if (values.check && missed.length > 0) {
  say(`\nBelow the floor: ${missed.join('; ')}`);
  process.exitCode = 1;
}
