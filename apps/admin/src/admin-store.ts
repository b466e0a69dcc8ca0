import { join } from 'node:path';
import { APPROVALS_FILE, approvalSnapshot, approvalTable, FileMatrixSource, ingestedTable } from '#libs/approvals';
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
export const ADMIN_FILES = { tables: [approvalTable, ingestedTable], snapshots: [{ file: APPROVALS_FILE }] } as const;

/** `DATA_DIR/admin/approval_matrix.json`, which people edit and no service writes. */
function matrixPath(dataDir: string): string {
  return join(dataDir, 'admin', 'approval_matrix.json');
}

/** Opens `DATA_DIR/admin`. @throws PttError `folder_locked`, `journal_damaged`, `config_invalid` without a matrix */
export async function openAdminStore(dataDir: string, ambient: Ambient, log: Log): Promise<AdminStore> {
  const recorder = new ChainedRecorder('/ptt/admin', ambient.ids);
  const matrix = await openMatrix(dataDir, log);
  const files = await FileStore.open({
    tables: ADMIN_FILES.tables,
    snapshots: [approvalSnapshot(matrix)],
    folder: join(dataDir, 'admin'),
    disk: new NodeDisk(),
    processes: new NodeProcesses(),
    recorder,
    clock: ambient.clock,
    scheduler: ambient.scheduler,
    ids: ambient.ids,
    report: logStoreNotices(log),
  });
  return { files, recorder, matrix };
}

/** @throws PttError `config_invalid` */
function openMatrix(dataDir: string, log: Log): Promise<FileMatrixSource> {
  return FileMatrixSource.open({
    disk: new NodeDisk(),
    path: matrixPath(dataDir),
    report: (fault) => log.error('the approval matrix cannot be served; the last good one stays', { err: fault }),
  });
}
