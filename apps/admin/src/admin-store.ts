import { join } from 'node:path';
import { approvalSnapshot, approvalTable, FileMatrixSource, ingestedTable } from '#libs/approvals';
import { ChainedRecorder } from '#libs/audit';
import type { AuditRecorder } from '#libs/kernel';
import { FileStore, logStoreNotices, NodeDisk, NodeProcesses, type Ambient, type Log } from '#libs/platform';

/** Admin's folder, held by this process, and the policy in it. */
export interface AdminStore {
  readonly files: FileStore;
  readonly matrix: FileMatrixSource;
  readonly recorder: AuditRecorder;
}

/** The tables and snapshots of `DATA_DIR/admin`. */
export const ADMIN_FILES = { tables: [approvalTable, ingestedTable], snapshots: [approvalSnapshot] } as const;

/** `DATA_DIR/admin/approval_matrix.json`, which people edit and no service writes. */
function matrixPath(dataDir: string): string {
  return join(dataDir, 'admin', 'approval_matrix.json');
}

/** Opens `DATA_DIR/admin`. @throws PttError `folder_locked`, `journal_damaged`, `config_invalid` without a matrix */
export async function openAdminStore(dataDir: string, ambient: Ambient, log: Log): Promise<AdminStore> {
  const recorder = new ChainedRecorder('/ptt/admin', ambient.ids);
  const disk = new NodeDisk();
  const files = await FileStore.open({
    ...ADMIN_FILES,
    folder: join(dataDir, 'admin'),
    disk,
    processes: new NodeProcesses(),
    recorder,
    clock: ambient.clock,
    scheduler: ambient.scheduler,
    ids: ambient.ids,
    report: logStoreNotices(log),
  });
  try {
    return { files, recorder, matrix: await openMatrix(dataDir, log) };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/** @throws PttError `config_invalid` */
function openMatrix(dataDir: string, log: Log): Promise<FileMatrixSource> {
  return FileMatrixSource.open({
    disk: new NodeDisk(),
    path: matrixPath(dataDir),
    report: (fault) => log.error('the approval matrix cannot be served; the last good one stays', { err: fault }),
  });
}
