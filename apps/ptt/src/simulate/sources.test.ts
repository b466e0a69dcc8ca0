import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sourcesHere } from './sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ptt-sources-'));
  for (const name of ['apps', 'libs/deep/er', 'contracts', 'fixtures', 'scripts', 'docs']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const name of ['package.json', 'package-lock.json', 'apps/a.ts', 'libs/deep/er/b.ts', 'docs/c.md']) {
    writeFileSync(join(folder, name), '{"version":"1.2.3"}');
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const noGit = () => null;
const clean = (_folder: string, [word]: readonly string[]) => (word === 'rev-parse' ? 'a1b2c3d' : '');
const changed = (_folder: string, [word]: readonly string[]) => (word === 'rev-parse' ? 'a1b2c3d' : ' M apps/a.ts');
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const idOf = (change: () => void): string => {
  change();
  return sourcesHere(folder, noGit).id;
};

describe('the state of the sources', () => {
  it('is another one for each change of what a world is made of', () => {
    const ids = [
      idOf(() => undefined),
      idOf(() => write('libs/deep/er/b.ts', '1')),
      idOf(() => write('libs/deep/er/b.ts', '2')),
      idOf(() => write('fixtures/new.json', '')),
      idOf(() => renameSync(join(folder, 'fixtures/new.json'), join(folder, 'fixtures/old.json'))),
      idOf(() => write('package-lock.json', '')),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{64}$/.test(id))).toBe(true);
  });

  it('is the same where something else was changed', () => {
    expect(idOf(() => write('docs/c.md', 'new'))).toBe(idOf(() => write('docs/d.md', 'new')));
  });

  it('is named by its commit, and by its digest where that is not all', () => {
    const { id } = sourcesHere(folder, clean);
    expect(sourcesHere(folder, clean)).toEqual({ name: 'a1b2c3d', id });
    expect(sourcesHere(folder, changed)).toEqual({ name: `a1b2c3d+${id.slice(0, 8)}`, id });
    expect(sourcesHere(folder, noGit)).toEqual({ name: `v1.2.3+${id.slice(0, 8)}`, id });
  });

  it('of this project has a name', () => {
    expect(sourcesHere().name).toMatch(/^(?:[0-9a-f]{7,40}|v\d+\.\d+\.\d+)(?:\+[0-9a-f]{8})?$/);
  });
});
