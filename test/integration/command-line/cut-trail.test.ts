import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ptt } from './ptt.ts';

describe('ptt audit verify, after the last frame of a journal was cut off', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ptt-cut-'));
    await ptt(['seed', '--data-dir', dataDir]);
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it.each(['ff', 'admin'])(
    'says a gap at the end of the chain of %s, from what the snapshots state',
    async (folder) => {
      const path = join(dataDir, folder, 'journal.log');
      const journal = await readFile(path);
      expect(await ptt(['audit', 'verify', '--data-dir', dataDir])).toMatchObject({ code: 0 });
      await writeFile(path, journal.subarray(0, journal.lastIndexOf('#frame ')));
      const ended = await ptt(['audit', 'verify', '--data-dir', dataDir]);
      expect(ended.out).toMatch(new RegExp(`^The trail has a gap in /ptt/${folder} at \\d+: the chain ends before it`));
      expect(ended.code).toBe(2);
    },
  );
});
