import { verifyChain } from '#libs/audit';
import type { Envelope } from '#libs/kernel';
import { isRecord } from '#libs/kernel';
import { readJournal } from '#libs/platform';
import type { Acknowledged, Commit, Lost, StoreName } from '../watch/seen.ts';
import { ADMIN_FOLDER } from '../world/admin-process.ts';
import { FF_FOLDER } from '../world/ff-process.ts';
import { Checker } from './checker.ts';
import { correlationOf, textOf } from './fields.ts';

/** What may leave no record: it found things to be so already, or another call had made them so. */
const MAY_CHANGE_NOTHING = new Set(['set', 'remove', 'import', 'sign', 'edit', 'reload']);

/** Every committed mutation is recorded exactly once, what was acknowledged is in the journal, and the chain holds. */
export class OneRecord extends Checker {
  readonly id = 'I6';
  readonly #acknowledged: Acknowledged[] = [];
  readonly #ids = new Set<string>();

  committed({ store, line }: Commit): void {
    const { records, changes } = line;
    const isRecorded = changes.length === 0 || records.length > 0;
    this.check(isRecorded, () => `line ${line.line} of ${store} changes something and records nothing`);
    for (const { event } of records) {
      this.check(!this.#ids.has(event.id), () => `the record ${event.id} is there twice`);
      this.#ids.add(event.id);
    }
    if (line.table === 'override' || line.table === 'approval') {
      const made = records.filter((record) => isMade(record, line.table)).length;
      this.check(made === changes.length, () => {
        return `line ${line.line} of ${store} has ${changes.length} changes and records ${made}`;
      });
    }
    for (const { event } of records) {
      const { data } = event;
      const isRefusal = isRecord(data) && data['outcome'] === 'refused';
      this.check(
        !isRefusal || changes.length === 0,
        () => `line ${line.line} of ${store} records a refusal and changes`,
      );
    }
  }

  lost({ store, detail }: Lost): void {
    this.check(false, () => `${store}: ${detail}`);
  }

  acknowledged(acknowledged: Acknowledged): void {
    this.#acknowledged.push(acknowledged);
  }

  override async end(): Promise<void> {
    const { topology } = this.world;
    await this.#verify('ff', FF_FOLDER, topology.ffMachine.disk);
    await this.#verify('admin', ADMIN_FOLDER, topology.adminMachine.disk);
  }

  async #verify(store: StoreName, folder: string, disk: Parameters<typeof readJournal>[1]): Promise<void> {
    const counts = new Map<string, number>();
    const source = store === 'ff' ? '/ptt/ff' : '/ptt/admin';
    const envelopes: Envelope[] = [];
    let lines = 0;
    for await (const line of readJournal(folder, disk, { from: 1 })) {
      lines += 1;
      envelopes.push(...line.records);
      for (const record of line.records) {
        const id = correlationOf(record);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    this.check(lines >= this.ledger.lines(store).length, () => `the journal of ${store} lost lines`);
    const found = await verifyChain(recordsOf(source, envelopes), [{ source }]);
    this.check(found.kind === 'sound', () => `the chain of ${source}: ${JSON.stringify(found)}`);
    for (const { store: of, correlationId, command } of this.#acknowledged) {
      if (of !== store) continue;
      const count = counts.get(correlationId) ?? 0;
      const least = MAY_CHANGE_NOTHING.has(command) ? 0 : 1;
      const most = command === 'issue' ? 2 : 1;
      this.check(count >= least && count <= most, () => {
        return `${command} of ${correlationId} was acknowledged and has ${count} records`;
      });
    }
  }
}

/** Whether it says that something of that table was changed. */
function isMade({ event: { data } }: Envelope, table: string): boolean {
  return isRecord(data) && data['outcome'] === 'accepted' && textOf(data['action']).startsWith(`${table}.`);
}

async function* recordsOf(source: string, envelopes: readonly Envelope[]) {
  for (const envelope of envelopes) yield { source, envelope };
}
