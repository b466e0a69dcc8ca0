import { flagSnapshots, FLAG_FILES, FLAG_TABLE, OVERRIDE_TABLE, RegistryEdits } from '#libs/flags';
import { FileStore } from '#libs/platform';
import { FF_FOLDER } from '../world/ff-process.ts';
import { Checker } from './checker.ts';

/** Every backing gives the same answer to the same history: what was told of as it was committed, and what is on disk. */
export class SameInEveryBacking extends Checker {
  readonly id = 'I12';

  override async end(): Promise<void> {
    const { disk } = this.world.topology.ffMachine;
    // As another process would open it: snapshots, and the journal's later lines over them.
    const snapshots = flagSnapshots(new RegistryEdits());
    const tables = [...FLAG_FILES.tables, ...snapshots.map(({ table }) => table)];
    const files = await FileStore.openReader({ folder: FF_FOLDER, disk, tables, report: () => undefined });
    const flags = files.rows(FLAG_TABLE);
    const overrides = files.rows(OVERRIDE_TABLE);
    for (const key of this.ledger.keys()) {
      const last = this.ledger.history(key).at(-1);
      const rowKey = key.replace(/^ptt:ff:(?:flag|override):/, '');
      if (last === undefined || rowKey === key) continue;
      const rows = key.startsWith('ptt:ff:flag:') ? flags : overrides;
      const found = rows.get(rowKey) ?? null;
      this.check(
        rows.versionOf(rowKey) === last.version && JSON.stringify(found) === JSON.stringify(last.row),
        () => `in memory it is ${JSON.stringify(last)}, on disk ${JSON.stringify(found)}`,
        { key },
      );
    }
  }
}
