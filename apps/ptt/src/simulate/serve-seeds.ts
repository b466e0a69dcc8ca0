import { parentPort } from 'node:worker_threads';
import { invariant } from '#libs/kernel';
import { NodeClock } from '#libs/platform';
import type { SeedOutcome, SeedSpec } from '#libs/sim';

/** Runs each seed that this thread is asked for, and answers what came of it. */
export function serveSeeds(simulate: (spec: SeedSpec) => Promise<SeedOutcome>): void {
  invariant(parentPort !== null, 'it is started as a worker');
  const port = parentPort;
  const clock = new NodeClock();
  port.on('message', (spec: SeedSpec) => {
    const begunAt = clock.monotonicMs();
    // What is rejected here ends the thread, and is taken there for this seed's exception.
    void simulate(spec).then((outcome) => port.postMessage({ outcome, tookMs: clock.monotonicMs() - begunAt }));
  });
}
