import { describe, expect, it } from '@jest/globals';
import { ChainedRecorder } from '#libs/audit';
import { type AuditEntry, type Envelope, Ids, type JsonObject, systemActor } from '#libs/kernel';
import { chainFault, recordFault } from './records.ts';

class Counted extends Ids {
  #count = 0;

  override uuidV7(): string {
    this.#count += 1;
    return `id-${this.#count}`;
  }
}

const BEFORE = { variant: 'off', version: 1 };
const AFTER = { variant: 'ä\u{1f600}', version: 2, more: { z: [1, null, true], a: 1e21 } };
const ENTRY: AuditEntry = {
  action: 'override.set',
  target: { type: 'override', id: 'k' },
  before: BEFORE,
  after: AFTER,
  outcome: 'accepted',
};

function chained(...entries: readonly AuditEntry[]): readonly Envelope[] {
  const recorder = new ChainedRecorder('/ptt/ff', new Counted());
  const by = { actor: systemActor('seed'), trace: { correlationId: 'c' }, at: 0 };
  let head = { sequence: 0, hash: '0'.repeat(64) };
  return entries.map((entry) => {
    const { event, sequence, prev_hash, hash, sink_status } = recorder.chain(recorder.event(entry, by), head);
    head = { sequence, hash };
    return { event, sequence, prev_hash, hash, sink_status };
  });
}

describe('the records of a line', () => {
  const fault = (records: readonly AuditEntry[], row: JsonObject | null = AFTER, before: JsonObject | null = BEFORE) =>
    recordFault(
      {
        line: 1,
        table: 'override',
        at: 0,
        version: 2,
        changes: [{ key: 'k', version: 2, row }],
        records: chained(...records),
        messages: [],
      },
      () => before,
    );
  const { before: _before, after: _after, ...bare } = ENTRY;

  it('say what was changed, and from what', () => {
    expect(fault([ENTRY])).toBeNull();
    expect(fault([{ ...bare, before: BEFORE }], null)).toBeNull();
    expect(fault([{ ...bare, after: AFTER }], AFTER, null)).toBeNull();
  });

  it.each([
    ['changes and records 0', []],
    ['records nothing of it', [{ ...ENTRY, target: { type: 'override', id: 'other' } }]],
    ['than it commits', [{ ...ENTRY, after: BEFORE }]],
    ['than was there before', [{ ...bare, after: AFTER }]],
  ] as const)('do not, where it is told that it %s', (words, records) => {
    expect(fault(records)).toContain(words);
  });

  it('of the registry name the flags', () => {
    const entry = (after: JsonObject): AuditEntry => ({
      action: 'registry.imported',
      target: { type: 'registry', id: 'registry' },
      after,
      outcome: 'accepted',
    });
    const line = { line: 1, table: 'flag', at: 0, version: 2, messages: [] };
    const changes = ['a', 'b'].map((key) => ({ key, version: 2, row: {} }));
    const faultIn = (after: JsonObject) =>
      recordFault({ ...line, changes, records: chained(entry(after)) }, () => null);
    expect(faultIn({ added: ['b'], changed: [], removed: ['a'] })).toBeNull();
    expect(faultIn({ added: ['b'], changed: [], removed: [] })).toBe('it records b');
  });
});

describe('a chain', () => {
  const whole = chained(ENTRY, { ...ENTRY, reason: 'b' }, { ...ENTRY, reason: 'c' });
  const [first, second, third] = whole;

  it('is walked from its first record to its last', () => {
    expect([chainFault([]), chainFault(whole)]).toEqual([null, null]);
  });

  it.each([
    ['record 2 says that it is 3', [first, third]],
    ['record 1 does not follow the one before', [{ ...first, prev_hash: 'a'.repeat(64) }]],
    ['record 2 does not follow the one before', [first, { ...second, prev_hash: '0'.repeat(64) }]],
    ['record 1 is not what was hashed', [second === undefined ? first : { ...first, event: second.event }]],
  ])('is broken where %s', (words, envelopes) => {
    expect(chainFault(envelopes.flatMap((one) => (isWhole(one) ? [one] : [])))).toBe(words);
  });

  it('is broken where the hash leaves something out', () => {
    const recorder = new ChainedRecorder('/ptt/ff', new Counted());
    const event = { id: 'i', source: '/ptt/ff', data: { before: BEFORE } };
    const { hash } = recorder.chain({ ...event, data: {} }, { sequence: 0, hash: '0'.repeat(64) });
    const careless = { event, sequence: 1, prev_hash: '0'.repeat(64), hash, sink_status: 'deferred' } as const;
    expect(chainFault([careless])).toBe('record 1 is not what was hashed');
  });
});

function isWhole(envelope: Partial<Envelope> | undefined): envelope is Envelope {
  return envelope?.event !== undefined;
}
