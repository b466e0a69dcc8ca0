import { beforeAll, describe, expect, it } from '@jest/globals';
import { FileIngestStore, ingestedTable, parseChainedRecords } from '#libs/approvals';
import { ChainedRecorder } from '#libs/audit';
import { chainOf, entriesOf } from '#libs/audit/testing';
import { type Envelope, parseJson, systemActor, type Origin } from '#libs/kernel';
import { FileStore } from '#libs/platform';
import { CountingDisk, FakeProcesses, ManualClock, SequentialIds } from '#libs/platform/testing';
import { JournalAuditTrail } from './journal-audit-trail.ts';

const CHANGES = 700;
const INGESTS = 7;
const INGESTED_AT_ONCE = 100;
/** Of each of Admin's own records, so that the journal has many times what is read at a time. */
const PADDING = 'x'.repeat(20_000);
const MEGABYTE = 1_048_576;

const origin: Origin = { actor: systemActor('operator'), trace: { correlationId: 'c-1' } };

describe('the trail in a long journal', () => {
  const disk = new CountingDisk();
  let files: FileStore;
  let whole: readonly Envelope[];

  /** A trail that has read nothing yet. */
  const newTrail = (): JournalAuditTrail => new JournalAuditTrail(files);

  beforeAll(async () => {
    const clock = new ManualClock();
    const ids = new SequentialIds();
    files = await FileStore.open({
      folder: '/data/admin',
      disk,
      clock,
      scheduler: clock,
      ids,
      processes: new FakeProcesses(),
      recorder: new ChainedRecorder('/ptt/admin', ids),
      tables: [ingestedTable],
      snapshots: [],
      report: () => undefined,
    });
    const ingested = new FileIngestStore(files);
    const ofFf = chainOf('/ptt/ff', ids, entriesOf(INGESTS * INGESTED_AT_ONCE));
    for (let change = 0; change < CHANGES; change += 1) {
      const [entry] = entriesOf(1).map((one) => ({ ...one, after: { PADDING } }));
      await files.commit(ingestedTable, origin, () => ({
        answer: null,
        changes: [],
        records: entry === undefined ? [] : [entry],
        messages: [],
      }));
      if (change % (CHANGES / INGESTS) !== 0) continue;
      const from = (change / (CHANGES / INGESTS)) * INGESTED_AT_ONCE;
      const records = parseChainedRecords(
        ofFf.slice(from, from + INGESTED_AT_ONCE).map((record) => parseJson(JSON.stringify(record))),
      );
      await ingested.append('/ptt/ff', origin, (_state, tx) => ({
        answer: null,
        changes: records.map((record) => {
          const row = { ...record, source: '/ptt/ff', version: tx.nextVersion() };
          return { key: `${row.sequence}`, version: row.version, row };
        }),
        records: [{ action: 'ingest.accepted', target: { type: 'audit_source', id: '/ptt/ff' }, outcome: 'accepted' }],
        messages: [],
      }));
    }
    const all: Envelope[] = [];
    for await (const envelope of newTrail().all({})) all.push(envelope);
    whole = all;
  });

  it.each([
    ['all records', {}],
    ['one chain', { source: '/ptt/ff' }],
    ['one action, which only one chain has', { action: 'ingest.accepted' }],
  ])('gives %s once, page by page, as one reading does', async (_what, filter) => {
    const trail = newTrail();
    const wanted = whole.filter(
      ({ event }) =>
        (!('source' in filter) || event.source === filter.source) &&
        (!('action' in filter) || JSON.stringify(event['data']).includes(`"action":"${filter.action}"`)),
    );
    expect(wanted.length).toBeGreaterThan(0);
    const given: Envelope[] = [];
    for (let cursor: string | null = null, isMore = true; isMore; isMore = cursor !== null) {
      const page = await trail.search(filter, cursor, 97);
      given.push(...page.records);
      // Somebody else, who has read nothing yet, is told the same.
      expect(await newTrail().search(filter, cursor, 97)).toEqual(page);
      cursor = page.nextCursor;
    }
    expect(given).toEqual(wanted);
  });

  it('does not read all of it again for a page deep in it', async () => {
    const trail = newTrail();
    let cursor: string | null = null;
    for (let page = 0; page < 13; page += 1) ({ nextCursor: cursor } = await trail.search({}, cursor, 100));
    expect(cursor).not.toBeNull();
    const before = disk.bytesRead;
    const { records } = await trail.search({}, cursor, 5);
    expect(records).toHaveLength(5);
    // Up to 256 records of padding, a megabyte before them, and one ahead.
    expect(disk.bytesRead - before).toBeLessThan(8 * MEGABYTE);
    expect(files.line).toBe(CHANGES + INGESTS);
    expect(disk.stat('/data/admin/journal.log')?.size).toBeGreaterThan(13 * MEGABYTE);
  });
});
