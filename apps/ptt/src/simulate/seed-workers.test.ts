import { afterAll, describe, expect, it } from '@jest/globals';
import { type SeedSpec, simulateSeed } from '#libs/sim';
import { SPEC } from '#libs/sim/testing';
import { SeedWorkers } from './seed-workers.ts';

const specs = [7, 8, 9].map((seed): SeedSpec => ({ ...SPEC, seed, replicas: 1, forMs: 2_000 }));
const workers = new SeedWorkers();

afterAll(() => workers.close());

describe('seeds on all cores', () => {
  it('come to what they come to here, in their order, however they are split', async () => {
    const told: number[] = [];
    const timed = await workers.run(specs, { done: ({ outcome }) => void told.push(outcome.seed) });
    const here = [];
    for (const spec of specs) here.push(await simulateSeed(spec));
    expect(timed.map(({ outcome }) => outcome)).toEqual(here);
    expect(new Set(told)).toEqual(new Set([7, 8, 9]));
    expect(timed.every(({ tookMs }) => tookMs > 0)).toBe(true);
  });

  it('are begun no more after one that is enough', async () => {
    const timed = await workers.run(specs, { isEnough: ({ seed }) => seed === 8 });
    expect(timed.map(({ outcome }) => outcome.seed)).toEqual([7, 8]);
  });

  it('fail themselves where something is rejected that nobody takes, and not the next one of the thread', async () => {
    const rejecting = new SeedWorkers('apps/ptt/src/testing/rejecting-worker');
    const timed = await rejecting.run([...specs, ...specs]);
    await rejecting.close();
    const failures = timed.map(({ outcome: { seed, hash, failure } }) => [seed, hash !== '', failure?.kind ?? null]);
    expect(failures).toEqual([...specs, ...specs].map(({ seed }) => [seed, true, seed === 7 ? 'exception' : null]));
    expect(timed[0]?.outcome.failure?.detail).toContain('nobody takes this');
  });

  it('fail alone where one ends its thread, and the next one has another', async () => {
    const dead: SeedSpec = JSON.parse(JSON.stringify({ ...specs[0], mode: 'no such mode' }));
    const [first, second] = await workers.run([dead, ...specs.slice(1, 2)]);
    expect(first?.outcome).toMatchObject({
      seed: 7,
      failure: { kind: 'exception', detail: expect.stringContaining('no such mode') },
    });
    expect(second?.outcome).toMatchObject({ seed: 8, failure: null });
  });
});
