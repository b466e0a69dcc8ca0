import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { read, repositoryFiles, ROOT } from './repository.ts';
import { faultsOf } from './tree-rules.ts';

const paths = repositoryFiles();

/** Planted words are put together here, so that this file does not hold them itself. */
const planted = (...words: readonly string[]): string => words.join('');

function emptyFoldersBelow(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  if (entries.length === 0) return [folder];
  return entries.flatMap((entry) => (entry.isDirectory() ? emptyFoldersBelow(`${folder}/${entry.name}`) : []));
}

describe('the tree', () => {
  it('is tidy', () => {
    expect(paths.length).toBeGreaterThan(100);
    expect(faultsOf(paths.map((path) => ({ path, text: read(path) })))).toEqual([]);
  });

  it('has no empty folder', () => {
    const tops = new Set(paths.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))));
    expect([...tops].flatMap(emptyFoldersBelow)).toEqual([]);
  });

  it.each([
    ['helpers/a.ts', '', 'no folder of the house'],
    ['notes.txt', '', 'no file of the root'],
    ['libs/flags/src/a.ts', 'export {};\n'.repeat(251), '251 lines, at most 250'],
    ['libs/flags/src/a.test.ts', 'export {};\n'.repeat(251), '251 lines, at most 250'],
    ['libs/flags/.gitkeep', '', 'a placeholder'],
    ['libs/flags/src/a.ts', ' \n', 'an empty file'],
    ['libs/flags/src/a.test.ts', planted('it', '.skip("x", f);'), 'a test that does not run'],
    ['test/use-cases/a.test.ts', planted('describe', '.only("x", f);'), 'a test that does not run'],
    ['test/use-cases/a.test.ts', planted('x', 'it("x", f);'), 'a test that does not run'],
    ['libs/flags/src/a.ts', planted('// oxlint', '-disable-next-line'), 'a lint suppression'],
    ['apps/ff/src/a.ts', planted('// @ts', '-expect-error'), 'a lint suppression'],
    ['libs/flags/src/a.ts', planted('// TO', 'DO: later'), 'something unfinished'],
    ['libs/flags/src/a.test.ts', planted('jest', '.spyOn(a, "b")'), 'a mock of our own class'],
    ['libs/flags/src/a.ts', planted('try { a(); } ca', 'tch (error) {}'), 'a swallowed error'],
    ['apps/ff/src/a.ts', planted('a().ca', 'tch(() => undefined);'), 'a swallowed error'],
    ['libs/flags/src/a.test.ts', planted('expect(a).toBe', 'Defined();'), 'an empty assertion'],
    [
      'libs/gate/src/a.test.ts',
      planted('expect(a).toEqual(', 'new AdminRefused("401"));'),
      'an error that is compared by its message alone',
    ],
  ])('reports %s with %j', (path, text, fault) => {
    expect(faultsOf([{ path, text }])).toEqual([`${path}: ${fault}`]);
  });

  it.each([
    ['libs/flags/src/a.ts', 'export {};\n'.repeat(250)],
    ['libs/contracts/src/generated/a.generated.ts', 'export {};\n'.repeat(251)],
    ['README.md', 'words\n'.repeat(400)],
  ])('says nothing about %s', (path, text) => {
    expect(faultsOf([{ path, text }])).toEqual([]);
  });
});
