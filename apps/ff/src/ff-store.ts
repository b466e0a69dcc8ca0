import { join } from 'node:path';
import { ChainedRecorder } from '#libs/audit';
import { Outbox } from '#libs/bus';
import { FLAG_FILES, flagSnapshots, RegistryEdits } from '#libs/flags';
import { FileStore, logStoreNotices, NodeDisk, NodeProcesses, type Ambient, type Log } from '#libs/platform';

/** FF's folder, held by this process; every replica in it reads and writes through this one store. */
export interface FfStore {
  readonly files: FileStore;
  readonly edits: RegistryEdits;
  readonly outbox: Outbox;
}

/** Opens `DATA_DIR/ff`. @throws PttError `folder_locked`, `journal_damaged` */
export async function openFfStore(dataDir: string, ambient: Ambient, log: Log): Promise<FfStore> {
  const edits = new RegistryEdits();
  const say = logStoreNotices(log);
  const files = await FileStore.open({
    tables: FLAG_FILES.tables,
    snapshots: flagSnapshots(edits),
    folder: join(dataDir, 'ff'),
    disk: new NodeDisk(),
    processes: new NodeProcesses(),
    recorder: new ChainedRecorder('/ptt/ff', ambient.ids),
    clock: ambient.clock,
    scheduler: ambient.scheduler,
    ids: ambient.ids,
    report: (notice) => {
      edits.note(notice);
      say(notice);
    },
  });
  return { files, edits, outbox: new Outbox(ambient.clock) };
}
