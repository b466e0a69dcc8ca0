// What each core runs: one seed after another, as it is asked to.
import 'reflect-metadata';
import { parentPort } from 'node:worker_threads';
import { invariant } from '#libs/kernel';
import { NodeClock } from '#libs/platform';
import { type SeedSpec, simulateSeed } from '#libs/sim';

invariant(parentPort !== null, 'it is started as a worker');
const port = parentPort;
const clock = new NodeClock();

port.on('message', (spec: SeedSpec) => {
  const begunAt = clock.monotonicMs();
  // A rejection that nobody takes ends the thread, and is taken there for this seed's exception.
  void simulateSeed(spec).then((outcome) => port.postMessage({ outcome, tookMs: clock.monotonicMs() - begunAt }));
});
