import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { simulateSeed } from '#libs/sim';
import { keptSeeds } from './kept-seeds.ts';

const KEPT = { version: 1, seed: 4, replicas: 3, faults: 'swarm', invariant: 'I2', found: 'a1b2c3d', what: 'x' };

describe('the seeds that are kept', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ptt-kept-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are read by the names of their files', () => {
    writeFileSync(join(folder, 'b.json'), JSON.stringify({ ...KEPT, seed: 5 }));
    writeFileSync(join(folder, 'a.json'), JSON.stringify(KEPT));
    writeFileSync(join(folder, 'README.md'), 'about them');
    expect(keptSeeds(folder).map(({ kept }) => kept.spec.seed)).toEqual([4, 5]);
    expect(keptSeeds(join(folder, 'none'))).toEqual([]);
  });

  it('are refused by name where one cannot be read', () => {
    writeFileSync(join(folder, 'a.json'), JSON.stringify({ ...KEPT, version: 9 }));
    expect(() => keptSeeds(folder)).toThrow(/a\.json: \/version is 9; only 1 is allowed/);
  });

  it('of the project hold today', async () => {
    for (const { file, kept } of keptSeeds()) {
      const { failure } = await simulateSeed(kept.spec);
      expect({ file, failure }).toEqual({ file, failure: null });
    }
  });
});
