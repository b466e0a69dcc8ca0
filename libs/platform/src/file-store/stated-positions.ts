import { join } from 'node:path';
import { isJsonObject } from '#libs/kernel';
import type { Disk } from '../disk/index.ts';
import { readJson } from './json-text.ts';
import { type Position, positionOf } from './position.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * How far the journal had come when the folder's snapshots were written, as each of them says. A journal that ends
 * before one of these was cut. Read it before the journal, which may grow meanwhile. A file that is not there, or says
 * nothing, as one that somebody is writing, is passed over.
 */
export async function statedPositions(
  folder: string,
  snapshots: readonly Pick<Snapshot<never>, 'file'>[],
  disk: Disk,
): Promise<readonly Position[]> {
  const positions: Position[] = [];
  for (const { file } of snapshots) {
    const bytes = await disk.read(join(folder, file));
    if (bytes === null) continue;
    const text = readJson(bytes);
    const position = 'value' in text && isJsonObject(text.value) ? positionOf(text.value['journal']) : null;
    if (position !== null) positions.push(position);
  }
  return positions;
}
