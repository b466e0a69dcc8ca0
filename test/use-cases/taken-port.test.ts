import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isRecord } from '#libs/kernel';
import { RunningPlane } from '../support/running-plane.ts';

describe('a port that is taken', () => {
  it.each([['PTT_FF_LISTEN'], ['PTT_ADMIN_LISTEN']])(
    'is named with %s, and nothing of the plane stays behind',
    async (variable) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'ptt-taken-'));
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const address = taken.address();
      const port = isRecord(address) ? address['port'] : undefined;
      await expect(
        RunningPlane.start({ dataDir, env: { [variable]: `127.0.0.1:${String(port)}` } }),
      ).rejects.toMatchObject({ code: 'port_in_use', pointer: `#/env/${variable}` });
      await new Promise((resolve) => taken.close(resolve));

      // Both folders were given back, and the next start has the port.
      const plane = await RunningPlane.start({ dataDir, env: { [variable]: `127.0.0.1:${String(port)}` } });
      await plane.close();
      await rm(dataDir, { recursive: true });
    },
  );
});
