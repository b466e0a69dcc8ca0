import { AuditTrail, ingestedTable, type AuditFilter, type AuditPage } from '#libs/approvals';
import {
  ChainPlaces,
  FROM_THE_START,
  matches,
  readCursor,
  searchPage,
  verifyChain,
  writeCursor,
  type AuditSource,
  type ReadRecord,
  type Verification,
} from '#libs/audit';
import { parseJson, type ChainHead, type Envelope } from '#libs/kernel';
import type { FileStore } from '#libs/platform';

/** The trail as the journal has it: Admin's own records and those ingested, in the order they were written. */
export class JournalAuditTrail extends AuditTrail {
  readonly #places = new ChainPlaces();

  constructor(private readonly files: FileStore) {
    super();
  }

  async search(filter: AuditFilter, cursor: string | null, limit: number): Promise<AuditPage> {
    const from = cursor === null ? FROM_THE_START : readCursor(cursor);
    const line = this.#places.lineBehind(from, filter.source ?? null);
    const { items, next } = await searchPage(this.#envelopes(line), filter, { limit, cursor: from });
    return { records: items, nextCursor: next === null ? null : writeCursor(next) };
  }

  async *all(filter: AuditFilter): AsyncGenerator<Envelope, void, void> {
    for await (const envelope of this.#envelopes()) if (matches(filter, envelope)) yield envelope;
  }

  /**
   * Walks every chain that is here; the folder owner's own must be among them.
   * @param heads records that the owner's chain held before, so that a cut at its very end shows
   */
  verify(owner: AuditSource, heads: readonly ChainHead[] = []): Promise<Verification> {
    return verifyChain(this.#records(), [{ source: owner }, ...heads.map((head) => ({ source: owner, head }))]);
  }

  async *#records(): AsyncGenerator<ReadRecord, void, void> {
    for await (const envelope of this.#envelopes()) yield { source: envelope.event.source, envelope };
  }

  async *#envelopes(from = 1): AsyncGenerator<Envelope, void, void> {
    for await (const { line, table, changes, records } of this.files.lines(from)) {
      const ingested = table === ingestedTable.name ? changes.map(({ row }) => ingestedEnvelope(row)) : [];
      for (const envelope of [...ingested, ...records]) {
        this.#places.passed(envelope, line);
        yield envelope;
      }
    }
  }
}

/** A row of `ingested` as the envelope that came in. */
function ingestedEnvelope(row: unknown): Envelope {
  const { event, sequence, prev_hash, hash } = ingestedTable.parse(parseJson(JSON.stringify(row)));
  return { event, sequence, prev_hash, hash, sink_status: 'deferred' };
}
