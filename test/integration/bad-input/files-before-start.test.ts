import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import { RunningPlane } from '../../support/running-plane.ts';
import { settledPlane, type SettledPlane } from '../settled-plane.ts';
import { bodyAt, FILES, placeOf, rejectionIn, ROWS, save, swap } from './bad-files.ts';

describe('a file that was spoilt before the start', () => {
  let settled: SettledPlane;
  let template: string;
  let before: Readonly<Record<string, JsonObject>>;

  beforeAll(async () => {
    settled = await settledPlane();
    const { plane } = settled;
    const looks = FILES.map(({ look }) => look);
    before = Object.fromEntries(
      await Promise.all(looks.map(async (look) => [look, await bodyAt(plane, look)] as const)),
    );
    template = `${plane.dataDir}-template`;
    await cp(plane.dataDir, template, { recursive: true, filter: (path) => !path.endsWith('lock') });
  });
  afterAll(async () => {
    await settled.end();
    await rm(template, { recursive: true });
  });

  /** Does something with a copy of the template. */
  async function inCopy<T>(name: string, use: (dataDir: string) => Promise<T>): Promise<T> {
    const dataDir = `${template}-${name}`;
    await cp(template, dataDir, { recursive: true });
    try {
      return await use(dataDir);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  }

  const SOME = ROWS.filter(([, what]) =>
    ['is not UTF-8', 'has a comma too many', 'has an unknown member', 'brings a withdrawn approval back'].includes(
      what,
    ),
  );

  it.each(SOME)(
    'is set aside, and the journal served: %s that %s',
    async (file, _what, look, { spoil, at, pointer }) => {
      await inCopy('set-aside', async (dataDir) => {
        const path = join(dataDir, file);
        const text = await readFile(path, 'utf8');
        const spoilt = spoil(text);
        await save(path, spoilt);
        const plane = await RunningPlane.start({ dataDir });
        try {
          expect(await bodyAt(plane, look)).toEqual(before[look]);
          const { keptAs, faults } = rejectionIn(plane.log.lines);
          expect(faults).toEqual(
            expect.arrayContaining([expect.objectContaining({ pointer, ...placeOf(String(spoilt), at) })]),
          );
          expect((await readFile(join(path, '..', String(keptAs)))).equals(Buffer.from(spoilt))).toBe(true);
          expect(plane.envelopes.lines).toEqual([]);
        } finally {
          await plane.close();
        }
        expect(await readFile(path, 'utf8')).toBe(text);
      });
    },
  );

  it.each<[string, (text: string) => string, string]>([
    ['no JSON', swap('"rows": [', '"rows": [,'), 'line 2, column 12: The file is not JSON here'],
    ['"false" for false', swap('"self_sign": false', '"self_sign": "false"'), 'line 10, column 20: must be false'],
    ['a row twice', swap('row-dual-finance-legal', 'row-sensitive-override'), 'row-sensitive-override is there twice'],
  ])('lets nothing start when it is the matrix, with %s', async (_what, spoil, detail) => {
    await inCopy('matrix', async (dataDir) => {
      const path = join(dataDir, 'admin', 'approval_matrix.json');
      const spoilt = spoil(await readFile(path, 'utf8'));
      await writeFile(path, spoilt);
      await expect(RunningPlane.start({ dataDir })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining(detail),
      });
      expect(await readFile(path, 'utf8')).toBe(spoilt);
    });
  });

  it('leaves the policy as it was when it is the matrix of a running service', async () => {
    await inCopy('running', async (dataDir) => {
      const plane = await RunningPlane.start({ dataDir });
      try {
        const served = await bodyAt(plane, '/api/policy/matrix');
        const path = join(dataDir, 'admin', 'approval_matrix.json');
        await save(path, swap('"self_sign": false', '"self_sign": true')(await readFile(path, 'utf8')));
        expect(await bodyAt(plane, '/api/policy/matrix')).toEqual(served);
        const { err } = rejectionIn(plane.log.lines);
        expect(err).toMatchObject({
          code: 'config_invalid',
          message: expect.stringMatching(/line 10, column 20: must be false/),
        });
      } finally {
        await plane.close();
      }
    });
  });
});
