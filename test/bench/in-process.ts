import { MeasuredProcess } from './child.ts';
import type { Ratios } from './floors.ts';
import { ratios, spread } from './statistics.ts';
import { row, say } from './table.ts';

const TURNS = 400_000;
const USE_CASE_TURNS = 20_000;
/** Entries beside those that are hit. */
const MANY = 20_000;

/** Evaluation without HTTP, beside the Map lookup that alone would give the value. */
export async function compareInProcess(rounds: number): Promise<Ratios> {
  const worker = await MeasuredProcess.start(new URL('./processes/evaluation.ts', import.meta.url));
  const lookup: number[] = [];
  const evaluate: number[] = [];
  const hit: number[] = [];
  const execute: number[] = [];
  // The first round only warms up.
  for (let round = -1; round < rounds; round += 1) {
    const figures = [
      await worker.ask('lookup', TURNS),
      await worker.ask('evaluate', TURNS),
      await worker.ask('hit', TURNS),
      await worker.ask('execute', USE_CASE_TURNS),
    ] as const;
    if (round < 0) continue;
    lookup.push(figures[0]);
    evaluate.push(figures[1]);
    hit.push(figures[2]);
    execute.push(figures[3]);
  }
  const bytes = [await worker.ask('bytesOfHit', 0), await worker.ask('bytesOfHit', MANY)] as const;
  await worker.stop();
  say('\nAn overridden flag in process');
  row('', 'ns', 'times a lookup');
  row('Map lookup: flag, tenant', spread(lookup, 0), '1');
  row('reads and rules', spread(evaluate, 0), spread(ratios(evaluate, lookup), 1));
  row('the same, all of it cache hits', spread(hit, 0), spread(ratios(hit, lookup), 1));
  row('the use case, 16 at a time', spread(execute, 0), spread(ratios(execute, lookup), 0));
  const [few, many] = bytes.map((one) => String(Math.round(one)));
  say(`\nA hit leaves ${few ?? ''} bytes to the collector with few entries, ${many ?? ''} with ${MANY} more`);
  return { evaluate: ratios(evaluate, lookup), hit: ratios(hit, evaluate), execute: ratios(execute, lookup) };
}
