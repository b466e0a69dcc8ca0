import { describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateContracts } from '../../scripts/contracts/generate.ts';
import { ROOT } from './contract-files.ts';

describe('what is generated from contracts/', () => {
  it('is fresh: run `npm run generate` and commit when this fails', async () => {
    for (const { path, text } of await generateContracts(ROOT)) {
      expect({ path, text: await readFile(new URL(path, ROOT), 'utf8') }).toEqual({ path, text });
    }
  });

  it('goes stale with any change of a contract', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ptt-contracts-'));
    try {
      await cp(new URL('contracts', ROOT), join(folder, 'contracts'), { recursive: true });
      const copy = pathToFileURL(`${folder}/`);
      const before = new Map((await generateContracts(copy)).map(({ path, text }) => [path, text]));
      const changes = [
        ['contracts/errors.json', '"status": 404', '"status": 410'],
        ['contracts/audit/actions.json', '"override.set"', '"override.put"'],
        ['contracts/http/evaluate-request.schema.json', '"tenant_id"', '"tenant"'],
        ['contracts/cutover_readiness_notes.json', '"P30D"', '"P31D"'],
      ] as const;
      for (const [path, from, to] of changes) {
        const file = join(folder, path);
        const text = await readFile(file, 'utf8');
        await writeFile(file, text.replace(from, to));
        const changed = (await generateContracts(copy)).filter((made) => before.get(made.path) !== made.text);
        expect({ path, isStale: changed.length > 0 }).toEqual({ path, isStale: true });
        await writeFile(file, text);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
