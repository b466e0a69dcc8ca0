import { approvalTable } from '#libs/approvals';
import { FLAG_TABLE, OVERRIDE_TABLE } from '#libs/flags';
import { FileStore, type Table } from '#libs/platform';
import { nameOf } from '../watch/ledger.ts';
import type { Opened, StoreName } from '../watch/seen.ts';
import { ADMIN_FOLDER } from '../world/admin-process.ts';
import { FF_FOLDER } from '../world/ff-process.ts';
import type { Machine } from '../world/machine.ts';
import { Checker } from './checker.ts';

/** The tables of each store whose rows callers change. */
const TABLES: Readonly<Record<StoreName, readonly Table<unknown>[]>> = {
  ff: [FLAG_TABLE, OVERRIDE_TABLE],
  admin: [approvalTable],
};

/** Every backing gives the same answer to the same history: what was told of as it was committed, what is in the journal, and
 * what the store has that was opened last, from its snapshots. */
export class SameInEveryBacking extends Checker {
  readonly id = 'I12';

  opened({ store, files }: Opened): void {
    this.#compare(store, files, 'in the store that was opened');
  }

  override async end(): Promise<void> {
    const { ffMachine, adminMachine, ff, admin } = this.world.topology;
    if (ff !== null) this.#compare('ff', ff.store.files, 'in the store');
    if (admin !== null) this.#compare('admin', admin.store.files, 'in the store');
    this.#compare('ff', await onDisk(ffMachine, FF_FOLDER, TABLES.ff), 'in the journal');
    this.#compare('admin', await onDisk(adminMachine, ADMIN_FOLDER, TABLES.admin), 'in the journal');
  }

  #compare(store: StoreName, files: FileStore, where: string): void {
    for (const table of TABLES[store]) {
      const rows = files.rows(table);
      const prefix = nameOf(table.name, '');
      for (const key of this.ledger.keys()) {
        const last = key.startsWith(prefix) ? this.ledger.history(key).at(-1) : undefined;
        if (last === undefined) continue;
        const rowKey = key.slice(prefix.length);
        const found = rows.get(rowKey) ?? null;
        this.check(
          rows.versionOf(rowKey) === last.version && JSON.stringify(found) === JSON.stringify(last.row),
          () => `committed was ${JSON.stringify(last)}, and ${where} it is ${JSON.stringify(found)}`,
          { key },
        );
      }
    }
  }
}

/** As another process would read it: from the first line of the journal on, whatever snapshots say. */
function onDisk({ disk }: Machine, folder: string, tables: readonly Table<unknown>[]): Promise<FileStore> {
  return FileStore.openReader({ folder, disk, tables, report: () => undefined });
}
