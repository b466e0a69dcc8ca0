// One process of scripts/bugs/main.mjs: for each fault by name, which seed's run finds it first, and how many do.
// node … catch.mjs RATES ID…  RATES is 0, or of how many seeds to tell whether they find it. A line of JSON a fault.
import 'reflect-metadata';
import { BUGS, run } from '#libs/sim';

const SEEDS = 200;
const [rates, ...ids] = process.argv.slice(2);
const wanted = Number(rates);

for (const id of ids) {
  const bug = BUGS.find((one) => one.id === id);
  let first = null;
  let hits = 0;
  const others = {};
  for (let seed = 1; seed <= SEEDS && (first === null || seed <= wanted); seed += 1) {
    const { violation, exception } = await run({ seed, replicas: 3, faults: 'swarm', forMs: 660_000, bug });
    const by = violation?.invariant ?? (exception === null ? null : 'exception');
    if (by === bug.invariant) {
      first ??= seed;
      if (seed <= wanted) hits += 1;
    } else if (by !== null) {
      others[by] = (others[by] ?? 0) + 1;
    }
  }
  process.stdout.write(`${JSON.stringify({ id, first, hits, others })}\n`);
}
