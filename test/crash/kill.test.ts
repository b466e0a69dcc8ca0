import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ADMIN_FILES } from '#apps/admin';
import { verifyChain } from '#libs/audit';
import { recordsOf } from '#libs/audit/testing';
import { FLAG_FILES, FLAG_TABLE, OVERRIDE_TABLE } from '#libs/flags';
import { DevelopmentIssuer } from '#libs/identity';
import { isJsonObject, isRecord, SCOPES } from '#libs/kernel';
import { FileStore, NodeClock, NodeDisk } from '#libs/platform';
import { SeededRandom } from '#libs/platform/testing';
import { PttProcess } from '../support/ptt-process.ts';

/** 3 in the short form; `npm run test:long` says 20. */
const KILLS = Number(process.env['KILLS'] ?? '3');
const MUTATIONS = 2_000;
const CALLERS = 8;

interface Acknowledged {
  readonly correlationId: string;
  readonly subjectId: string;
  /** Null where the override was removed. */
  readonly version: number | null;
}

/** Eight callers set and remove overrides until they are done or the process is gone; what was answered is kept. */
async function mutate(
  running: PttProcess,
  token: string,
  { run, killAfter }: { readonly run: number; readonly killAfter: number },
): Promise<readonly Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  const killed: Promise<void>[] = [];
  let begun = 0;
  const call = async (_: unknown, caller: number): Promise<void> => {
    let subjectId = '';
    for (let number = 1; begun < MUTATIONS && killed.length === 0; number += 1) {
      begun += 1;
      // Nobody else touches a caller's subjects; every fifth call removes what the one before it set.
      const isRemoval = number % 5 === 0;
      if (!isRemoval) subjectId = `T-${run}-${caller}-${number}`;
      const correlationId = `kill-${run}-${caller}-${number}`;
      const version = await change(running, token, { subjectId, correlationId, isRemoval });
      acknowledged.push({ correlationId, subjectId, version });
      if (acknowledged.length === killAfter) killed.push(running.kill());
    }
  };
  // Calls under way end in a connection that breaks: they were not acknowledged.
  await Promise.allSettled(Array.from({ length: CALLERS }, call));
  await Promise.all(killed);
  return acknowledged;
}

/** One acknowledged change: the version that was answered, null for a removal. */
async function change(
  { ffUrl }: PttProcess,
  token: string,
  { subjectId, correlationId, isRemoval }: { subjectId: string; correlationId: string; isRemoval: boolean },
): Promise<number | null> {
  const response = await fetch(`${ffUrl}/v1/flags/override/tenant/${subjectId}/ff.example`, {
    method: isRemoval ? 'DELETE' : 'PUT',
    headers: {
      authorization: `Bearer ${token}`,
      'ptt-correlation-id': correlationId,
      ...(isRemoval ? {} : { 'content-type': 'application/json' }),
    },
    ...(isRemoval ? {} : { body: JSON.stringify({ value: true, reason: correlationId }) }),
  });
  const answer: unknown = await response.json();
  if (response.status !== 200 || !isRecord(answer)) throw new Error(JSON.stringify(answer));
  const { override } = answer;
  return isRecord(override) ? Number(override['version']) : null;
}

/** What the journal says after the crash, read as a new process reads it. */
async function readBack(dataDir: string) {
  const files = await FileStore.openReader({
    folder: join(dataDir, 'ff'),
    tables: [...FLAG_FILES.tables, ...ADMIN_FILES.tables],
    disk: new NodeDisk(),
    report: () => undefined,
  });
  const recorded = new Map<string, number>();
  const versions = new Map<string, number>();
  for await (const { changes, records } of files.lines()) {
    for (const { event } of records) {
      const data = event['data'];
      const id = isJsonObject(data) ? JSON.stringify(data['correlation_id']) : '';
      recorded.set(id, (recorded.get(id) ?? 0) + 1);
      const [row] = changes;
      if (row !== undefined) versions.set(id, row.version);
    }
  }
  const verification = await verifyChain(recordsOf(files.lines()));
  const overrides = files.rows(OVERRIDE_TABLE);
  const flags = files.rows(FLAG_TABLE).size;
  await files.close();
  return { recorded, versions, verification, overrides, flags };
}

async function jsonFilesOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readFile(join(folder, name), 'utf8')),
  );
}

/** Holds the folder after a crash, and after the start that followed, against everything that was ever acknowledged. */
async function check(dataDir: string, all: readonly Acknowledged[]): Promise<void> {
  const { recorded, versions, verification, overrides, flags } = await readBack(dataDir);
  expect(verification).toMatchObject({ kind: 'sound' });
  expect(flags).toBe(13);
  const notOnce = [...recorded].filter(([id, count]) => id.includes('kill-') && count !== 1);
  expect(notOnce).toEqual([]);
  const missing = all.filter(({ correlationId }) => !recorded.has(JSON.stringify(correlationId)));
  expect(missing).toEqual([]);
  const otherwise = all.filter(
    ({ correlationId, version }) => version !== null && versions.get(JSON.stringify(correlationId)) !== version,
  );
  expect(otherwise).toEqual([]);
  // The last thing that was acknowledged of a subject stands, unless a call that was never answered came after it.
  const last = new Map(all.map((one) => [one.subjectId, one]));
  for (const { subjectId, correlationId } of last.values()) {
    const key = `tenant:${subjectId}:ff.example`;
    expect(overrides.versionOf(key)).toBeGreaterThanOrEqual(versions.get(JSON.stringify(correlationId)) ?? Number.NaN);
  }
}

describe('kill -9 during 2,000 mutations from 8 callers', () => {
  const seed = Number(process.env['SEED'] ?? String(new NodeClock().now() % 1_000_000));

  it(`loses nothing that was acknowledged, ${KILLS} times (SEED=${seed})`, async () => {
    const random = new SeededRandom(seed);
    const dataDir = await mkdtemp(join(tmpdir(), 'ptt-kill-'));
    let running = await PttProcess.start(dataDir);
    try {
      const all: Acknowledged[] = [];
      for (let run = 1; run <= KILLS; run += 1) {
        const killAfter = 1 + Math.floor(random.next() * (MUTATIONS - CALLERS));
        all.push(...(await mutate(running, await tokenFor(dataDir), { run, killAfter })));
        for (const text of await jsonFilesOf(join(dataDir, 'ff'))) expect(() => JSON.parse(text)).not.toThrow();
        await check(dataDir, all);
        running = await PttProcess.start(dataDir);
        await check(dataDir, all);
      }
    } finally {
      await running.stop();
      await rm(dataDir, { recursive: true });
    }
  }, 600_000);
});

async function tokenFor(dataDir: string): Promise<string> {
  const issuer = await DevelopmentIssuer.openExisting({
    folder: join(dataDir, 'issuer'),
    url: 'http://127.0.0.1:0',
    clock: new NodeClock(),
  });
  return issuer.issue({ subject: 'killer', audience: 'ptt-ff', scopes: SCOPES, ttlSeconds: 600 });
}
