import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invariant } from '#libs/kernel';

/** The project's own folder, found from wherever this file runs: from its source, or built. */
export function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!(existsSync(join(folder, 'fixtures')) && existsSync(join(folder, 'package.json')))) {
    const above = dirname(folder);
    invariant(above !== folder, 'the command line is inside the project');
    folder = above;
  }
  return folder;
}

/** The golden data that a new data folder is seeded from. No run writes to it. */
export function fixturesFolder(): string {
  return join(projectFolder(), 'fixtures');
}
