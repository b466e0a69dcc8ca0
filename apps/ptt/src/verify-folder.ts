import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN_FILES, JournalAuditTrail } from '#apps/admin';
import type { AuditSource, SoundChain, Verification } from '#libs/audit';
import { FLAG_FILES } from '#libs/flags';
import { PttError } from '#libs/kernel';
import {
  FileStore,
  logStoreNotices,
  NodeClock,
  NodeDisk,
  NodeScheduler,
  PinoLog,
  statedPositions,
} from '#libs/platform';

/** A frame is written within milliseconds. */
const LOOKS = 3;
const LOOK_PAUSE_MS = 50;

const OWNERS = [
  { folder: 'ff', source: '/ptt/ff', snapshots: FLAG_FILES.snapshots },
  { folder: 'admin', source: '/ptt/admin', snapshots: ADMIN_FILES.snapshots },
] as const;

/** The chains of both folders, each folder by itself: the same chain may stand in both, recorded here and ingested there. */
export async function verifyFolder(dataDir: string): Promise<Verification> {
  if (!existsSync(dataDir)) {
    throw new PttError('usage', { detail: `There is no data at ${dataDir}; name its folder with --data-dir.` });
  }
  const sources: SoundChain[] = [];
  for (const owner of OWNERS) {
    const verification = await verifyOne(join(dataDir, owner.folder), owner);
    if (verification.kind !== 'sound') return verification;
    sources.push(...verification.sources);
  }
  return { kind: 'sound', sources };
}

async function verifyOne(
  folder: string,
  { source, snapshots }: { readonly source: AuditSource; readonly snapshots: readonly { readonly file: string }[] },
): Promise<Verification> {
  try {
    // A cut at the very end leaves a sound chain that is only shorter; the snapshots know how long it was.
    const stated = await statedPositions(folder, snapshots, new NodeDisk());
    const files = await openSettled(folder);
    try {
      const verification = await new JournalAuditTrail(files).verify(
        source,
        stated.map(({ chain }) => chain),
      );
      return verification.kind === 'sound' && files.torn !== null ? undecidable(folder, files.torn) : verification;
    } finally {
      await files.close();
    }
  } catch (cause) {
    if (cause instanceof PttError && cause.code === 'journal_damaged') {
      return { kind: 'altered', what: 'journal_damaged', source, sequence: null, detail: cause.message };
    }
    return { kind: 'unchecked', detail: `${folder} cannot be read`, cause };
  }
}

/** A running service may just be writing its last frame; a torn one stays as it is. */
async function openSettled(folder: string): Promise<FileStore> {
  const scheduler = new NodeScheduler();
  for (let looks = 1; ; looks += 1) {
    const files = await FileStore.openReader({
      folder,
      tables: [...ADMIN_FILES.tables, ...FLAG_FILES.tables],
      disk: new NodeDisk(),
      report: logStoreNotices(new PinoLog({ level: 'warn', clock: new NodeClock() })),
    });
    if (files.torn === null || looks === LOOKS) return files;
    await files.close();
    await scheduler.sleep(LOOK_PAUSE_MS);
  }
}

function undecidable(
  folder: string,
  { offset, bytes }: { readonly offset: number; readonly bytes: number },
): Verification {
  const detail =
    `the last ${bytes} bytes of ${join(folder, 'journal.log')}, from offset ${offset}, are no whole frame: ` +
    'torn by a crash before they were acknowledged, or altered since; all before them is sound';
  return { kind: 'unchecked', detail, cause: null };
}
