import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningPlane } from '../../support/running-plane.ts';
import { settledPlane, type SettledPlane } from '../settled-plane.ts';
import { bodyAt, FLAG, placeOf, rejectionIn, ROWS, save, swap } from './bad-files.ts';
import { stateOf } from './watched-state.ts';

describe('an edit of a file that cannot be served', () => {
  let settled: SettledPlane;
  let plane: RunningPlane;

  beforeAll(async () => {
    settled = await settledPlane();
    ({ plane } = settled);
  });
  afterAll(() => settled.end());
  afterEach(() => {
    plane.log.lines.splice(0);
  });

  it.each(ROWS)('is set aside while running: %s that %s', async (file, _what, look, { spoil, at, pointer }) => {
    const before = await stateOf(plane);
    const served = await bodyAt(plane, look);
    const path = join(plane.dataDir, file);
    const text = await readFile(path, 'utf8');
    const spoilt = spoil(text);
    await save(path, spoilt);

    expect(await bodyAt(plane, look)).toEqual(served);
    const { keptAs, faults, ...fields } = rejectionIn(plane.log.lines);
    expect(fields).toMatchObject({ file: file.split('/')[1], service: file.split('/')[0] });
    expect(faults).toEqual(
      expect.arrayContaining([expect.objectContaining({ pointer, ...placeOf(String(spoilt), at) })]),
    );
    const aside = join(path, '..', String(keptAs));
    expect(aside).toMatch(/\.json\.rejected-\d+$/);
    expect((await readFile(aside)).equals(Buffer.from(spoilt))).toBe(true);
    // The last good snapshot is written again behind the answer.
    while (!existsSync(path)) await bodyAt(plane, look);
    await rm(aside);
    expect(await stateOf(plane)).toEqual(before);
  });
});

describe('a registry that cannot be served', () => {
  it('is refused by a reload with each fault, and leaves the one before it in place', async () => {
    const settled = await settledPlane();
    const { plane } = settled;
    try {
      const ff = await plane.ff();
      const { body: before } = await ff.get('/v1/flags/registry/export');
      const path = join(plane.dataDir, 'ff', 'registry.json');
      await save(path, swap(FLAG, `${FLAG} "sensitive_flag": "false", "extra": 1,`)(await readFile(path, 'utf8')));
      expect(await ff.post('/v1/flags/registry/reload')).toMatchObject({
        status: 422,
        body: {
          code: 'registry_invalid',
          faults: expect.arrayContaining([
            expect.objectContaining({ pointer: '#/flags/ff.example/extra' }),
            expect.objectContaining({ pointer: '#/flags/ff.example/sensitive_flag' }),
          ]),
        },
      });
      expect((await ff.get('/v1/flags/registry/export')).body).toEqual(before);
      expect(plane.envelopes.lines).toEqual([]);
    } finally {
      await settled.end();
    }
  });
});
