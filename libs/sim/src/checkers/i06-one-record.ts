import { verifyChain } from '#libs/audit';
import type { Envelope } from '#libs/kernel';
import { isRecord } from '#libs/kernel';
import { type JournalLine, readJournal } from '#libs/platform';
import { nameOf } from '../watch/ledger.ts';
import type { Acknowledged, Commit, Lost, StoreName } from '../watch/seen.ts';
import { ADMIN_FOLDER } from '../world/admin-process.ts';
import { FF_FOLDER } from '../world/ff-process.ts';
import { faultOf } from './acknowledged.ts';
import { Checker } from './checker.ts';
import { correlationOf } from './fields.ts';
import { chainFault, recordFault } from './records.ts';

/** Every committed mutation is recorded exactly once and as it is, what was acknowledged is in the journal, and the chain holds. */
export class OneRecord extends Checker {
  readonly id = 'I6';
  /** Changes that callers were told of, each with whether it was made by that call. */
  readonly #acknowledged: { readonly acknowledged: Acknowledged; readonly isMade: boolean }[] = [];
  /** Where each call's records are, by its correlation id. */
  readonly #lines = new Map<string, JournalLine>();
  readonly #ids = new Set<string>();

  committed({ store, line }: Commit): void {
    const { records, changes } = line;
    const isRecorded = changes.length === 0 || records.length > 0;
    this.check(isRecorded, () => `line ${line.line} of ${store} changes something and records nothing`);
    for (const record of records) {
      const { id } = record.event;
      this.check(!this.#ids.has(id), () => `the record ${id} is there twice`);
      this.#ids.add(id);
      this.#lines.set(correlationOf(record), line);
    }
    const fault = recordFault(line, (key) => this.ledger.history(nameOf(line.table, key)).at(-2)?.row ?? null);
    this.check(fault === null, () => `line ${line.line} of ${store}: ${fault}`);
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

  /** The ledger has what is safe: a change that is not there by now may be lost, and its caller counts on it. */
  acknowledged(acknowledged: Acknowledged): void {
    const { what, correlationId } = acknowledged;
    const made = this.#lines.get(correlationId);
    const fault = faultOf(acknowledged, made, this.ledger);
    this.check(fault === null, () => `${what} of ${correlationId} was acknowledged: ${fault}`);
    this.#acknowledged.push({ acknowledged, isMade: made !== undefined });
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
    const fault = chainFault(envelopes);
    this.check(fault === null, () => `the chain of ${source}: ${fault}`);
    const found = await verifyChain(recordsOf(source, envelopes), lines === 0 ? [] : [{ source }]);
    this.check(found.kind === 'sound', () => `the chain of ${source}: ${JSON.stringify(found)}`);
    for (const { acknowledged, isMade } of this.#acknowledged) {
      const { store: of, correlationId, what } = acknowledged;
      if (of !== store) continue;
      const count = counts.get(correlationId) ?? 0;
      const least = isMade ? 1 : 0;
      const most = isMade && what === 'issue' ? 2 : least;
      this.check(count >= least && count <= most, () => {
        return `${what} of ${correlationId} was acknowledged and has ${count} records`;
      });
    }
  }
}

async function* recordsOf(source: string, envelopes: readonly Envelope[]) {
  for (const envelope of envelopes) yield { source, envelope };
}
