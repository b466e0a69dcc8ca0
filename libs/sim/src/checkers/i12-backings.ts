import { flagSnapshots, FLAG_FILES, FLAG_TABLE, OVERRIDE_TABLE, RegistryEdits } from '#libs/flags';
import { FileStore } from '#libs/platform';
import { FF_FOLDER } from '../world/ff-process.ts';
import { Checker } from './checker.ts';

/** Every backing gives the same answer to the same history: what was told of as it was committed, what is on disk, and what
 * the store that was opened last has of it. */
export class SameInEveryBacking extends Checker {
  readonly id = 'I12';

  override async end(): Promise<void> {
    const { disk } = this.world.topology.ffMachine;
    // As another process would open it: snapshots, and the journal's later lines over them.
    const snapshots = flagSnapshots(new RegistryEdits());
    const tables = [...FLAG_FILES.tables, ...snapshots.map(({ table }) => table)];
    const files = await FileStore.openReader({ folder: FF_FOLDER, disk, tables, report: () => undefined });
    const stores = [files, ...(this.world.topology.ff === null ? [] : [this.world.topology.ff.store.files])];
    for (const store of stores) this.#compare(store, store === files ? 'on disk' : 'in the store');
  }

  #compare(store: FileStore, where: string): void {
    const flags = store.rows(FLAG_TABLE);
    const overrides = store.rows(OVERRIDE_TABLE);
    for (const key of this.ledger.keys()) {
      const last = this.ledger.history(key).at(-1);
      const rowKey = key.replace(/^ptt:ff:(?:flag|override):/, '');
      if (last === undefined || rowKey === key) continue;
      const rows = key.startsWith('ptt:ff:flag:') ? flags : overrides;
      const found = rows.get(rowKey) ?? null;
      this.check(
        rows.versionOf(rowKey) === last.version && JSON.stringify(found) === JSON.stringify(last.row),
        () => `committed was ${JSON.stringify(last)}, and ${where} it is ${JSON.stringify(found)}`,
        { key },
      );
    }
  }
}
