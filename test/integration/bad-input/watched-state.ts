import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '#libs/kernel';
import type { RunningPlane } from '../../support/running-plane.ts';

/**
 * All that a refusal must leave alone: every file of the data folder, byte for byte, and how many envelopes there are.
 * A snapshot that is being written is a file only until it takes its name: it may be gone before it is read.
 */
export interface WatchedState {
  readonly files: Readonly<Record<string, string>>;
  readonly envelopes: number;
}

export async function stateOf({ dataDir, envelopes }: RunningPlane): Promise<WatchedState> {
  const found = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const lasting = found.filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'));
  const paths = lasting.map(({ parentPath, name }) => join(parentPath, name));
  const files: Record<string, string> = {};
  for (const path of paths.toSorted()) files[path] = sha256Hex(await readFile(path));
  return { files, envelopes: envelopes.lines.length };
}
