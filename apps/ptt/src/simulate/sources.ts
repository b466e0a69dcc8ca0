import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isJsonObject, parseJson } from '#libs/kernel';
import { projectFolder } from '../project.ts';
import { cell } from '../terminal.ts';

/** What a world is made of, and by. */
const MADE_OF = ['apps', 'libs', 'contracts', 'fixtures', 'scripts'];
const MADE_BY = ['package.json', 'package-lock.json'];

/** Which state of the sources this is. */
export interface Sources {
  /**
   * For people: the commit, with the begin of `id` behind it where something was changed since (`a1b2c3d+0f1e2d3c`); the
   * version, likewise, where there is no repository.
   */
  readonly name: string;
  /** A digest of all that a world is made of: two states that have the same one are the same. */
  readonly id: string;
}

/** The state of the sources that this runs from, read from disk: some 900 files. */
export function sourcesHere(folder = projectFolder(), git = gitIn): Sources {
  const digest = createHash('sha256');
  for (const path of [...filesOf(folder), ...MADE_BY]) {
    const bytes = readFileSync(join(folder, path));
    digest.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  const id = digest.digest('hex');
  const commit = git(folder, ['rev-parse', '--short', 'HEAD']);
  if (commit !== null && git(folder, ['status', '--porcelain', '--', ...MADE_OF, ...MADE_BY]) === '') {
    return { name: commit, id };
  }
  return { name: `${commit ?? versionIn(folder)}+${id.slice(0, 8)}`, id };
}

/** The paths of all files, in one order everywhere. */
function filesOf(folder: string): readonly string[] {
  const entries = MADE_OF.flatMap((name) => readdirSync(join(folder, name), { recursive: true, withFileTypes: true }));
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, '/')).toSorted();
}

function versionIn(folder: string): string {
  const manifest = parseJson(readFileSync(join(folder, 'package.json'), 'utf8'));
  return isJsonObject(manifest) ? `v${cell(manifest['version'])}` : 'unknown';
}

/** What git says; null where there is none, or it fails. */
function gitIn(cwd: string, words: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', words, { cwd, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
