import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type KeptSeed, parseKeptSeed } from '#libs/sim';
import { fixturesFolder, projectFolder } from '../project.ts';

/** Seeds that once failed, each with the file that keeps it, by their names. */
export function keptSeeds(
  folder = join(fixturesFolder(), 'seeds'),
): readonly { readonly file: string; readonly kept: KeptSeed }[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.toSorted().map((name) => {
    const file = relative(projectFolder(), join(folder, name));
    return { file, kept: parseKeptSeed(readFileSync(join(folder, name), 'utf8'), file) };
  });
}
