import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningPlane, type RunningPlaneOptions } from '../support/running-plane.ts';

export interface SettledPlane {
  readonly plane: RunningPlane;
  /** Ends the plane and removes its folder. */
  end(): Promise<void>;
}

/** A plane that was started before: its snapshots are written, so that only a change can change a file. */
export async function settledPlane(
  options: Omit<RunningPlaneOptions, 'dataDir'> = {},
  /** What somebody does to the folder while nothing runs. */
  atRest: (folder: { readonly dataDir: string }) => Promise<void> = () => Promise.resolve(),
): Promise<SettledPlane> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ptt-settled-'));
  const first = await RunningPlane.start({ ...options, dataDir });
  await first.close();
  await atRest({ dataDir });
  const plane = await RunningPlane.start({ ...options, dataDir });
  return {
    plane,
    end: async () => {
      await plane.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
