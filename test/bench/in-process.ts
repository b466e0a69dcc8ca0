import { MeasuredProcess } from './child.ts';
import type { Ratios } from './floors.ts';
import { ratios, spread } from './statistics.ts';
import { row, say } from './table.ts';

const TURNS = 400_000;
const USE_CASE_TURNS = 20_000;

/** Evaluation without HTTP, beside the Map lookup that alone would give the value. */
export async function compareInProcess(rounds: number): Promise<Ratios> {
  const worker = await MeasuredProcess.start(new URL('./processes/evaluation.ts', import.meta.url));
  const lookup: number[] = [];
  const evaluate: number[] = [];
  const execute: number[] = [];
  // The first round only warms up.
  for (let round = -1; round < rounds; round += 1) {
    const figures = [
      await worker.ask('lookup', TURNS),
      await worker.ask('evaluate', TURNS),
      await worker.ask('execute', USE_CASE_TURNS),
    ] as const;
    if (round < 0) continue;
    lookup.push(figures[0]);
    evaluate.push(figures[1]);
    execute.push(figures[2]);
  }
  await worker.stop();
  say('\nAn overridden flag in process');
  row('', 'ns', 'times a lookup');
  row('Map lookup: flag, tenant', spread(lookup, 0), '1');
  row('reads and rules', spread(evaluate, 0), spread(ratios(evaluate, lookup), 1));
  row('the use case, 16 at a time', spread(execute, 0), spread(ratios(execute, lookup), 0));
  return { evaluate: ratios(evaluate, lookup), execute: ratios(execute, lookup) };
}
