import type { Clock, Ids, Random, Scheduler } from '#libs/kernel';
import { NodeIds, NodeRandom } from './node-chance.ts';
import { NodeClock, NodeScheduler } from './node-time.ts';

/** Time, waiting, chance and ids: what a service takes from its surroundings and a simulator gives it. */
export interface Ambient {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly ids: Ids;
}

/** The machine's own. */
export function nodeAmbient(): Ambient {
  return { clock: new NodeClock(), scheduler: new NodeScheduler(), random: new NodeRandom(), ids: new NodeIds() };
}
