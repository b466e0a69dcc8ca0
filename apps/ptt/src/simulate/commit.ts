import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, parseJson } from '#libs/kernel';
import { projectFolder } from '../project.ts';
import { cell } from '../terminal.ts';

/** More than this was changed by nobody by hand. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Which state of the sources this is: the commit, with a digest behind it of what was changed since (`a1b2c3d+0f1e2d3c`);
 * the version where there is no repository.
 */
export function commitHere(): string {
  const commit = git('rev-parse', '--short', 'HEAD');
  if (commit !== null) {
    const changes = git('diff', '--binary', 'HEAD') ?? 'too much';
    return changes === '' ? commit : `${commit}+${createHash('sha256').update(changes).digest('hex').slice(0, 8)}`;
  }
  const manifest = parseJson(readFileSync(join(projectFolder(), 'package.json'), 'utf8'));
  return isJsonObject(manifest) ? `v${cell(manifest['version'])}` : 'unknown';
}

function git(...words: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', words, {
    cwd: projectFolder(),
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
  });
  return status === 0 ? stdout.trim() : null;
}
