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
    const stored = [...rows.values()].toSorted((one, other) => one.sequence - other.sequence);
    for (const record of stored) this.#add(record);
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

  records(source: string, fromSequence = 1): Iterable<IngestedRecord> {
    // The chain begins at 1 and has no gaps.
    return (this.#sources.get(source)?.records ?? []).slice(fromSequence - 1);
  }

  #add(record: IngestedRecord): void {
    const source: Source = this.#sources.get(record.source) ?? { records: [], hashes: new Map() };
    source.records.push(record);
    source.hashes.set(record.event.id, record.hash);
    this.#sources.set(record.source, source);
  }

  /** The source's state with the records that still wait for the disk: they follow the safe ones without a gap. */
  #state(source: string, rows: Rows<IngestedRecord>): SourceState {
    const safe = this.#sources.get(source);
    const waiting = new Map<string, string>();
    let head: ChainHead = safe?.records.at(-1) ?? CHAIN_START;
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
  readonly records: IngestedRecord[];
  /** By event id. */
  readonly hashes: Map<string, string>;
}
