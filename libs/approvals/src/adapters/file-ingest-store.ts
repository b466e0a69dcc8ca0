import {
  type ChainHead,
  type Decision,
  type Fault,
  type JsonValue,
  type Origin,
  PttError,
  type Transaction,
} from '#libs/kernel';
import type { FileStore, ReadonlyRows, Rows, Table } from '#libs/platform';
import { CHAIN_START, type IngestedRecord, type SourceState, ingestKey, readIngestedRecord } from '../domain/ingest.ts';
import { IngestStore } from '../ports/ingest-store.ts';

/** Records of other services' chains, by source and sequence. They have no snapshot: the journal is their file. */
export const ingestedTable: Table<IngestedRecord> = {
  name: 'ingested',
  parse(value: JsonValue): IngestedRecord {
    const faults: Fault[] = [];
    const record = readIngestedRecord(value, faults);
    if (faults.length === 0) return record;
    throw new PttError('journal_damaged', { detail: 'A row of the table ingested cannot be read.', faults });
  },
};

/** Ingested records in the file store. */
export class FileIngestStore extends IngestStore {
  /** What is safely on disk, by source. */
  readonly #sources = new Map<string, Source>();

  constructor(private readonly files: FileStore) {
    super();
    const rows: ReadonlyRows<IngestedRecord> = files.rows(ingestedTable);
    for (const record of rows.values()) this.#add(record);
    rows.onChange(({ row }) => {
      if (row !== null) this.#add(row);
    });
  }

  append<Answer>(
    source: string,
    origin: Origin,
    decide: (state: SourceState, tx: Transaction) => Decision<IngestedRecord, Answer>,
  ): Promise<Answer> {
    return this.files.commit(ingestedTable, origin, (rows, tx) => decide(this.#state(source, rows), tx));
  }

  #add({ source, event, sequence, hash }: IngestedRecord): void {
    const { head, hashes } = this.#sources.get(source) ?? { head: CHAIN_START, hashes: new Map<string, string>() };
    hashes.set(event.id, hash);
    this.#sources.set(source, { head: sequence > head.sequence ? { sequence, hash } : head, hashes });
  }

  /** The source's state with the records that still wait for the disk: they follow the safe ones without a gap. */
  #state(source: string, rows: Rows<IngestedRecord>): SourceState {
    const safe = this.#sources.get(source);
    const waiting = new Map<string, string>();
    let head: ChainHead = safe?.head ?? CHAIN_START;
    for (;;) {
      const next = rows.get(ingestKey(source, head.sequence + 1));
      if (next === undefined) break;
      waiting.set(next.event.id, next.hash);
      head = next;
    }
    return { head, hashOf: (id) => waiting.get(id) ?? safe?.hashes.get(id) ?? null };
  }
}

interface Source {
  readonly head: ChainHead;
  /** By event id. */
  readonly hashes: Map<string, string>;
}
