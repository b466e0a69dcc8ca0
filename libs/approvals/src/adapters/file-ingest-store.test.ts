import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Ingested, type Outcome } from '../domain/index.ts';
import { type ChainedRecord, decideIngest } from '../domain/ingest.ts';
import { ApprovalMachine, type OpenApprovalFiles } from '../testing/approval-machine.ts';
import { FF, chainOf } from '../testing/chains.ts';
import { originOf } from '../testing/origins.ts';
import { ingestedTable } from './file-ingest-store.ts';

const CHAIN = chainOf(9);

describe('ingested records in files', () => {
  let machine: ApprovalMachine;
  let open: OpenApprovalFiles;

  beforeEach(async () => {
    machine = new ApprovalMachine();
    open = await machine.open();
  });
  afterEach(() => open.files.close());

  const ingest = (records: readonly ChainedRecord[], source = FF): Promise<Outcome<Ingested>> =>
    open.ingested.append(source, originOf(), (state, tx) => decideIngest(state, { source, records }, tx));
  const stored = (): readonly string[] => [...open.files.rows(ingestedTable).values()].map(({ event }) => event.id);

  it('are there in their order, as they came in', async () => {
    await ingest(CHAIN.slice(0, 3));
    await ingest(CHAIN.slice(3, 4));
    expect(stored()).toEqual(['e-1', 'e-2', 'e-3', 'e-4']);
    expect([...open.files.rows(ingestedTable).values()].at(-1)).toMatchObject({ ...CHAIN[3], source: FF });
  });

  it('are accepted once by calls at once, each seeing those that wait for the disk', async () => {
    const outcomes = await Promise.all([
      ingest(CHAIN.slice(0, 3)),
      ingest(CHAIN.slice(0, 5)),
      ingest(CHAIN.slice(2, 3)),
      ingest(CHAIN.slice(6)),
      ingest([{ sequence: 6, prev_hash: '0'.repeat(64), hash: '1'.repeat(64), event: { id: 'e-2', source: FF } }]),
    ]);
    expect(outcomes).toMatchObject([
      { accepted: { accepted_through: 3 } },
      { accepted: { accepted_through: 5 } },
      { accepted: { accepted_through: 5 } },
      { refused: { code: 'ingest_gap', extensions: { expected_sequence: 6 } } },
      { refused: { code: 'ingest_conflict' } },
    ]);
    expect(stored()).toEqual(['e-1', 'e-2', 'e-3', 'e-4', 'e-5']);
    expect(open.entries().map(({ action }) => action)).toEqual([
      'ingest.accepted',
      'ingest.accepted',
      'ingest.refused',
      'ingest.refused',
    ]);
  });

  it('are there after a restart, and go on', async () => {
    await ingest(CHAIN.slice(0, 5));
    await open.files.close();
    open = await machine.open();
    expect(stored()).toEqual(['e-1', 'e-2', 'e-3', 'e-4', 'e-5']);
    expect(await ingest(CHAIN.slice(4, 7))).toEqual({ accepted: { accepted_through: 7 } });
    expect(await ingest(CHAIN.slice(0, 2))).toEqual({ accepted: { accepted_through: 7 } });
  });

  it('stop a start when they cannot be read', () => {
    expect(() => ingestedTable.parse({ sequence: 1 })).toThrow('cannot be read');
  });
});
