import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { PttProcess } from '../../support/ptt-process.ts';

it('ends in order on a signal, be it the moment that it is ready', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ptt-up-'));
  try {
    const running = await PttProcess.start(dataDir);
    expect(await running.stop()).toBe(0);
  } finally {
    await rm(dataDir, { recursive: true });
  }
});
