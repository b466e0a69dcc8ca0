import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningFf } from '#apps/ff';
import { startPlane } from '#apps/ptt';
import { EnvelopeOut } from '#libs/audit';
import { SCOPES, type JsonValue, type Origin } from '#libs/kernel';
import { Log, nodeAmbient, readSettings } from '#libs/platform';
import { flagKey, OVERRIDDEN, registryDocument, TENANT } from './workload.ts';

/** The whole plane as `npm start` runs it, verifying tokens, on files of its own. */
export interface Product {
  /** FF's own application: what a test of one use case takes from it. */
  readonly nest: RunningFf['app']['nest'];
  readonly dataDir: string;
  readonly url: string;
  readonly token: string;
  post(path: string, body: JsonValue): Promise<string>;
  close(): Promise<void>;
}

/** Starts it with the flags and overrides of the workload. */
export async function startProduct(): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ptt-bench-'));
  const { settings } = readSettings({
    PTT_FF_LISTEN: '127.0.0.1:0',
    PTT_ADMIN_LISTEN: '127.0.0.1:0',
    PTT_ISSUER_LISTEN: '127.0.0.1:0',
    PTT_DATA_DIR: dataDir,
  });
  const plane = await startPlane({
    settings,
    fixtures: join(import.meta.dirname, '..', '..', 'fixtures'),
    ambient: nodeAmbient(),
    envelopes: new NoEnvelopes(),
    log: new NoLog(),
  });
  const token = await plane.issuer.issue({
    subject: 'bench',
    audience: ['ptt-ff', 'ptt-admin'],
    scopes: SCOPES,
    ttlSeconds: 86_400,
  });
  const [ff] = plane.ff;
  if (ff === undefined) throw new Error('FF runs');
  const { url } = ff;
  const send = async (method: string, path: string, body: JsonValue): Promise<string> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text;
  };
  await send('POST', '/v1/flags/registry/import', registryDocument());
  for (let index = 0; index < OVERRIDDEN; index += 1) {
    await send('PUT', `/v1/flags/override/tenant/${TENANT}/${flagKey(index)}`, { value: true, reason: 'bench' });
  }
  return {
    nest: ff.app.nest,
    dataDir,
    url,
    token,
    post: (path, body) => send('POST', path, body),
    close: async () => {
      await plane.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Standard output belongs to whoever measures; writing to a pipe is not what is measured. */
class NoEnvelopes extends EnvelopeOut {
  write(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class NoLog extends Log {
  write(): void {}
}

/** Somebody who may do everything. */
export function benchOrigin(): Origin {
  const actor = { id: 'bench', roles: [], scopes: new Set(SCOPES), tenants: null, verified: true, approvalRef: null };
  return { actor, trace: { correlationId: 'bench' } };
}
