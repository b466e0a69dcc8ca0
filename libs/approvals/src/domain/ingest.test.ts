import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Fault, type JsonValue, LIMITS, PttError, parseJson } from '#libs/kernel';
import { FF, chainOf, stateAfter } from '../testing/chains.ts';
import { CountingTransactions } from '../testing/counting-transactions.ts';
import {
  type ChainedRecord,
  type IngestedRecord,
  chainHash,
  decideIngest,
  parseChainedRecords,
  readIngestedRecord,
} from './ingest.ts';

const CHAIN = chainOf(9);

function ingest(accepted: readonly ChainedRecord[], records: readonly ChainedRecord[], source = FF) {
  return decideIngest(stateAfter(accepted), { source, records }, new CountingTransactions(20).at(1_000));
}

function refusal(
  code: string,
  refused: Readonly<Record<string, unknown>> = {},
  source = FF,
): Readonly<Record<string, unknown>> {
  return {
    answer: { refused: { code, ...refused } },
    changes: [],
    records: [
      { action: 'ingest.refused', target: { type: 'audit_source', id: source }, outcome: 'refused', reason: code },
    ],
    messages: [],
  };
}

function altered(index: number, change: Partial<ChainedRecord>): readonly ChainedRecord[] {
  return CHAIN.map((record, at) => (at === index ? { ...record, ...change } : record));
}

describe('an ingest', () => {
  it('accepts a chain from its beginning', () => {
    const { answer, changes, records, messages } = ingest([], CHAIN.slice(0, 2));
    expect(answer).toEqual({ accepted: { accepted_through: 2 } });
    expect(changes).toEqual(
      CHAIN.slice(0, 2).map((record, index) => ({
        key: `["/ptt/ff",${index + 1}]`,
        version: 21 + index,
        row: { ...record, source: FF, version: 21 + index },
      })),
    );
    expect(records).toEqual([
      {
        action: 'ingest.accepted',
        target: { type: 'audit_source', id: FF },
        after: { accepted_through: 2, records: 2 },
        outcome: 'accepted',
      },
    ]);
    expect(messages).toEqual([]);
  });

  it('goes on where it ended, passing over what it has', () => {
    const { answer, changes } = ingest(CHAIN.slice(0, 3), CHAIN.slice(1, 5));
    expect(answer).toEqual({ accepted: { accepted_through: 5 } });
    expect(changes.map(({ row }) => row?.sequence)).toEqual([4, 5]);
  });

  it('takes a record once that is there twice', () => {
    const [first] = CHAIN;
    const { changes } = ingest([], first === undefined ? [] : [first, first]);
    expect(changes).toHaveLength(1);
  });

  it.each([
    ['repeats', CHAIN.slice(0, 4)],
    ['repeats a part', CHAIN.slice(2, 3)],
    ['is empty', []],
  ])('writes nothing when it %s', (_what, records) => {
    expect(ingest(CHAIN.slice(0, 4), records)).toEqual({
      answer: { accepted: { accepted_through: 4 } },
      changes: [],
      records: [],
      messages: [],
    });
  });

  it.each([
    ['at the beginning', [], CHAIN.slice(1, 2), 1, 0],
    ['behind what is here', CHAIN.slice(0, 3), CHAIN.slice(4, 6), 4, 0],
    ['in the middle', CHAIN.slice(0, 3), [...CHAIN.slice(3, 5), ...CHAIN.slice(6)], 4, 2],
  ])('with a gap %s is refused, and says where to go on', (_where, accepted, records, expected_sequence, index) => {
    expect(ingest(accepted, records)).toMatchObject(
      refusal('ingest_gap', { pointer: `/records/${index}`, extensions: { expected_sequence } }),
    );
  });

  it.each([
    ['the same id with another hash', altered(1, { hash: '1'.repeat(64) }).slice(1, 2)],
    ['a place in the chain that is taken', altered(1, { event: { id: 'other', source: FF } }).slice(1, 2)],
    ['the last place, which is taken', altered(2, { event: { id: 'other', source: FF } }).slice(2, 3)],
  ])('with %s is in conflict', (_what, records) => {
    expect(ingest(CHAIN.slice(0, 3), records)).toMatchObject(refusal('ingest_conflict', { pointer: '/records/0' }));
  });

  it('with the same id twice in one call, differently, is in conflict', () => {
    const records = altered(1, { event: { id: 'e-1', source: FF } }).slice(0, 2);
    expect(ingest([], records)).toMatchObject(refusal('ingest_conflict', { pointer: '/records/1' }));
  });

  it.each([
    ['another hash', altered(4, { hash: '1'.repeat(64) }).slice(3, 6), '/records/1/hash'],
    ['another content', altered(3, { event: { id: 'much-longer-id', source: FF } }).slice(3), '/records/0/hash'],
    ['another record before it', altered(3, { prev_hash: '1'.repeat(64) }).slice(3), '/records/0/prev_hash'],
    ['another source', altered(3, { event: { id: 'e-4', source: '/ptt/other' } }).slice(3), '/records/0/event/source'],
  ])('with %s does not hold, and nothing of it is taken', (_what, records, pointer) => {
    expect(ingest(CHAIN.slice(0, 3), records)).toMatchObject(refusal('ingest_invalid', { pointer }));
  });

  it("of the service's own chain does not hold", () => {
    const source = '/ptt/admin';
    const records = [{ event: { id: 'e-1', source }, sequence: 1, prev_hash: '0'.repeat(64), hash: '1'.repeat(64) }];
    expect(ingest([], records, source)).toMatchObject(refusal('ingest_invalid', { pointer: '/source' }, source));
  });

  it('in pieces of any size, repeated at will, comes to the same', () => {
    const pieces = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, (all) => {
        const stored: IngestedRecord[] = [];
        for (const [from, to] of all) {
          const before = stored.length;
          const { answer, changes } = ingest(stored, CHAIN.slice(from, to));
          stored.push(...changes.flatMap(({ row }) => row ?? []));
          const isGap = from > before && from < to;
          expect('refused' in answer ? answer.refused.code : answer.accepted.accepted_through).toBe(
            isGap ? 'ingest_gap' : Math.max(before, from < to ? to : 0),
          );
        }
        expect(stored.map(({ hash }) => hash)).toEqual(CHAIN.slice(0, stored.length).map(({ hash }) => hash));
      }),
    );
  });
});

describe('a refused ingest says what was wrong', () => {
  const detailOf = (accepted: readonly ChainedRecord[], records: readonly ChainedRecord[], source = FF): string => {
    const { answer } = ingest(accepted, records, source);
    return 'refused' in answer ? answer.refused.detail : 'accepted';
  };

  it.each([
    [detailOf([], CHAIN, '/ptt/admin'), '/ptt/admin is recorded here and comes in from nowhere else.'],
    [detailOf([], CHAIN, '/ptt/other'), 'Record 1 is of /ptt/ff, not of /ptt/other.'],
    [
      detailOf(CHAIN.slice(0, 3), altered(2, { hash: '1'.repeat(64) }).slice(2)),
      'Record 3 (e-3) differs from what was accepted; the chain of /ptt/ff was altered.',
    ],
    [
      detailOf(CHAIN.slice(0, 3), CHAIN.slice(5)),
      'Record 6 follows 3: send the chain of /ptt/ff from 4 on, without gaps.',
    ],
    [detailOf([], altered(0, { prev_hash: '1'.repeat(64) })), 'Record 1 does not continue the record before it.'],
    [detailOf([], altered(1, { hash: '1'.repeat(64) })), 'Record 2 does not have the hash it states.'],
  ])('%s', (detail, expected) => {
    expect(detail).toBe(expected);
  });
});

describe('the hash of a record', () => {
  it('is over the canonical bytes of event, sequence and prev_hash', () => {
    const prev_hash = '0'.repeat(64);
    const text = `{"event":{"a":1,"id":"e","source":"/ptt/ff"},"prev_hash":"${prev_hash}","sequence":1}`;
    const event = { source: FF, id: 'e', a: 1 };
    expect(chainHash({ event, sequence: 1, prev_hash })).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('records that come in', () => {
  const sent = (change: Readonly<Record<string, JsonValue>> = {}): JsonValue => ({
    ...CHAIN[0],
    event: { id: 'e-1', source: FF, data: { any: [1] } },
    sink_status: 'deferred',
    ...change,
  });

  function pointersOf(values: readonly JsonValue[]): unknown {
    try {
      return parseChainedRecords(values);
    } catch (error) {
      return error instanceof PttError
        ? [error.code, error.pointer, ...error.faults.map(({ pointer }) => pointer)]
        : error;
    }
  }

  it('keep all of their event', () => {
    expect(parseChainedRecords([sent()])).toEqual([
      { ...CHAIN[0], event: { id: 'e-1', source: FF, data: { any: [1] } } },
    ]);
  });

  it.each<[string, JsonValue, string]>([
    ['no event', sent({ event: null }), '/records/0/event'],
    ['an event without an id', sent({ event: { source: FF } }), '/records/0/event/id'],
    ['an event without a source', sent({ event: { id: 'x' } }), '/records/0/event/source'],
    ['a number beyond all', sent({ event: { id: 'e', source: FF, n: Number.POSITIVE_INFINITY } }), '/records/0/event'],
    ['half a character', sent({ event: { id: 'e', source: FF, t: '\ud800' } }), '/records/0/event'],
    ['a sequence of 0', sent({ sequence: 0 }), '/records/0/sequence'],
    ['a hash that is none', sent({ hash: 'x' }), '/records/0/hash'],
    ['a hash that goes on', sent({ hash: 'a'.repeat(65) }), '/records/0/hash'],
    ['a hash with something before it', sent({ hash: `x${'a'.repeat(64)}` }), '/records/0/hash'],
    ['no hash before', sent({ prev_hash: null }), '/records/0/prev_hash'],
    ['a stranger', sent({ more: 1 }), '/records/0/more'],
  ])('with %s are refused', (_what, value, pointer) => {
    expect(pointersOf([value])).toEqual(expect.arrayContaining(['invalid_field', null, pointer]));
  });

  it('without an event are told so, once', () => {
    const { event: _event, ...eventless } = { ...CHAIN[0] };
    expect(pointersOf([eventless])).toEqual(['invalid_field', null, '/records/0/event']);
  });

  it('name at most 50 faults', () => {
    expect(pointersOf(Array.from({ length: 60 }, () => sent({ hash: 'x' })))).toHaveLength(2 + LIMITS.faultsPerAnswer);
  });

  it('are at most 500', () => {
    const many = (count: number): readonly JsonValue[] => Array.from({ length: count }, () => sent());
    expect(pointersOf(many(501))).toEqual(['invalid_field', '/records']);
    expect(parseChainedRecords(many(500))).toHaveLength(500);
  });

  it('read back as they were stored', () => {
    const faults: Fault[] = [];
    const row = { ...CHAIN[0], source: FF, version: 3 };
    const read = readIngestedRecord(parseJson(JSON.stringify(row)), faults);
    expect([read, faults]).toEqual([row, []]);
    readIngestedRecord(parseJson(JSON.stringify({ ...row, source: 7, version: 0 })), faults);
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/source', '/version']);
  });
});
