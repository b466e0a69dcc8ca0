import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, parseJson } from '#libs/kernel';
import { projectFolder } from '../project.ts';
import { cell } from '../terminal.ts';

/** Which state of the sources this is: the commit, or the version where there is no repository. */
export function commitHere(): string {
  const cwd = projectFolder();
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd, encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  const manifest = parseJson(readFileSync(join(cwd, 'package.json'), 'utf8'));
  return isJsonObject(manifest) ? `v${cell(manifest['version'])}` : 'unknown';
}
