import { join } from 'node:path';
import { ChainedRecorder } from '#libs/audit';
import { Outbox } from '#libs/bus';
import { EditRejections, FLAG_FILES } from '#libs/flags';
import { FileStore, logStoreNotices, NodeDisk, NodeProcesses, type Ambient, type Log } from '#libs/platform';

/** FF's folder, held by this process; every replica in it reads and writes through this one store. */
export interface FfStore {
  readonly files: FileStore;
  readonly rejections: EditRejections;
  readonly outbox: Outbox;
}

/** Opens `DATA_DIR/ff`. @throws PttError `folder_locked`, `journal_damaged` */
export async function openFfStore(dataDir: string, ambient: Ambient, log: Log): Promise<FfStore> {
  const rejections = new EditRejections();
  const say = logStoreNotices(log);
  const files = await FileStore.open({
    ...FLAG_FILES,
    folder: join(dataDir, 'ff'),
    disk: new NodeDisk(),
    processes: new NodeProcesses(),
    recorder: new ChainedRecorder('/ptt/ff', ambient.ids),
    clock: ambient.clock,
    scheduler: ambient.scheduler,
    ids: ambient.ids,
    report: (notice) => {
      rejections.note(notice);
      say(notice);
    },
  });
  return { files, rejections, outbox: new Outbox(ambient.clock) };
}
