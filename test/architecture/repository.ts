import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the project lies, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What git has or would take: neither dist/ nor node_modules/. Paths from the root, with forward slashes. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))
    .toSorted();
}

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
