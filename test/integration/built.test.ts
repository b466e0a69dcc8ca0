import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { builtinModules, SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DevelopmentIssuer } from '#libs/identity';
import { SCOPES } from '#libs/kernel';
import { NodeClock } from '#libs/platform';
import { Caller } from '../support/caller.ts';
import { PttProcess } from '../support/ptt-process.ts';
import { RunningPlane } from '../support/running-plane.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BUNDLE = 'dist/ptt.js';

let bundle: string;

beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs', '--if-stale'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build failed: ${stderr}`);
  bundle = readFileSync(join(ROOT, BUNDLE), 'utf8');
});

describe('the command line as it is built', () => {
  it('loads nothing when it starts but itself, Node’s own modules, and what cannot be bundled', () => {
    const imports = [...bundle.matchAll(/^(?:import|export)\b[^;'"]*["']([^"']+)["'];$/gm)].map(
      ([, name = '']) => name,
    );
    const others = imports.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
    expect(new Set(others)).toEqual(new Set(['jsonc-parser']));
    expect(imports.length).toBeGreaterThan(10);
  });

  it('leads from its lines back to those of the sources', () => {
    const map = new SourceMap(JSON.parse(readFileSync(join(ROOT, `${BUNDLE}.map`), 'utf8')));
    const source = 'libs/gate/src/gate.ts';
    const text = 'this.#breaker';
    const before = bundle.slice(0, bundle.indexOf(text));
    const found = map.findOrigin(before.split('\n').length, before.length - before.lastIndexOf('\n'));
    expect(found).toMatchObject({ fileName: expect.stringMatching(new RegExp(`/${source}$`)) });
    const line = 'lineNumber' in found ? found.lineNumber : 0;
    expect(readFileSync(join(ROOT, source), 'utf8').split('\n')[line - 1]).toContain(text);
  });
});

describe('`ptt up` as it is built', () => {
  let dataDir: string;
  let running: PttProcess;
  let ff: Caller;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ptt-built-'));
    running = await PttProcess.start(dataDir, [BUNDLE]);
    const folder = join(dataDir, 'issuer');
    const issuer = await DevelopmentIssuer.openExisting({ folder, url: 'http://127.0.0.1:0', clock: new NodeClock() });
    const token = await issuer.issue({ subject: 'U-9', audience: 'ptt-ff', scopes: SCOPES, ttlSeconds: 600 });
    ff = new Caller(running.ffUrl, token);
  });

  afterAll(async () => {
    await running.stop();
    await rm(dataDir, { recursive: true });
  });

  it('describes its routes as the sources do', async () => {
    const plane = await RunningPlane.start();
    const { document } = await plane.document('ff');
    await plane.close();
    expect((await ff.get('/openapi.json')).body).toEqual(document);
  });

  it('serves the pages of /docs with what they load', async () => {
    const statuses = ['/docs', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'].map(
      async (path) => (await fetch(ff.url + path)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 200]);
  });

  it('changes a flag, and refuses a body by the rules of its class', async () => {
    const path = '/v1/flags/override/tenant/T-built/ff.example';
    expect(await ff.put(path, { value: true, reason: 'built' })).toMatchObject({ status: 200 });
    expect(await ff.put(path, { value: true, reason: 'built', other: 1 })).toMatchObject({
      status: 400,
      body: { code: 'unknown_field' },
    });
    expect(await ff.post('/v1/flags/evaluate', { flag_key: 'ff.example', tenant_id: 'T-built' })).toMatchObject({
      status: 200,
      body: { value: true },
    });
  });
});
