import {
  type AuditRecorder,
  type ChainHead,
  type Clock,
  type Decision,
  type Envelope,
  type Ids,
  type Instant,
  invariant,
  type Origin,
} from '#libs/kernel';
import { encodeLine, type JournalLine } from './journal-line.ts';
import type { Position } from './position.ts';
import type { StoreRows } from './store-rows.ts';
import type { PendingRows, StoreTransaction, Table } from './table.ts';

export interface Decided<Answer> {
  readonly answer: Answer;
  /** Null when there was nothing to write. */
  readonly line: JournalLine | null;
  readonly text: string;
}

/**
 * Runs decisions, one after another, and makes them lines: each with one instant, rising versions, the next place in
 * the chain. It goes ahead of the disk; what it counts is taken up again from the journal at the next start.
 */
export class LineMaker {
  readonly #rows: StoreRows;
  readonly #recorder: AuditRecorder;
  readonly #clock: Clock;
  readonly #ids: Ids;
  #line: number;
  #version: number;
  #chain: ChainHead;
  #isDeciding = false;

  constructor(
    rows: StoreRows,
    { line, version, chain }: Position,
    { recorder, clock, ids }: { recorder: AuditRecorder; clock: Clock; ids: Ids },
  ) {
    this.#rows = rows;
    this.#recorder = recorder;
    this.#clock = clock;
    this.#ids = ids;
    this.#line = line;
    this.#version = version;
    this.#chain = chain;
  }

  /** @throws what `decide` throws; nothing has happened then, but for versions that nobody will have */
  decide<Row, Answer>(
    table: Table<Row>,
    origin: Origin,
    decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
  ): Decided<Answer> {
    invariant(!this.#isDeciding, 'a decision makes no other');
    const rows = this.#rows.of(table);
    const at = this.#clock.now();
    const versionBefore = this.#version;
    this.#isDeciding = true;
    let decision: Decision<Row, Answer>;
    try {
      decision = decide(rows.newest, this.#transaction(at));
    } finally {
      this.#isDeciding = false;
    }
    const { answer, changes, records: entries, messages } = decision;
    if (changes.length === 0 && entries.length === 0 && messages.length === 0) return { answer, line: null, text: '' };

    invariant(new Set(changes.map(({ key }) => key)).size === changes.length, 'a decision changes a row once');
    for (const { version } of changes) {
      invariant(version > versionBefore && version <= this.#version, 'a changed row has a version of this transaction');
    }
    let chain = this.#chain;
    const records: Envelope[] = [];
    for (const entry of entries) {
      const { event, sequence, prev_hash, hash, sink_status } = this.#recorder.chain(
        this.#recorder.event(entry, { ...origin, at }),
        chain,
      );
      records.push({ event, sequence, prev_hash, hash, sink_status });
      chain = { sequence, hash };
    }
    const line = { line: this.#line + 1, at, table: table.name, version: this.#version, changes, records, messages };
    const text = encodeLine(line);
    // Nothing can fail any more: from here on the line counts.
    this.#line = line.line;
    this.#chain = chain;
    for (const change of changes) rows.stage(change, line.line);
    return { answer, line, text };
  }

  #transaction(at: Instant): StoreTransaction {
    return {
      at,
      nextVersion: () => {
        invariant(this.#isDeciding, 'a transaction ends with its decision');
        this.#version += 1;
        return this.#version;
      },
      newId: () => this.#ids.uuidV7(at),
      rows: (other) => this.#rows.of(other).newest,
    };
  }
}
