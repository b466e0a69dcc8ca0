import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '#libs/kernel';
import { PlainTransaction } from '../testing/plain-transaction.ts';
import { sampleDefinition, sampleFlag, sampleOverride } from '../testing/samples.ts';
import { decideAdoptOverrides } from './adopt-overrides.ts';
import { decideRegistryChange, diffRegistry, registryRecord } from './import-registry.ts';
import type { Flag, FlagDefinition } from './flag.ts';
import { type Override, overrideKeyOf, overrideRowKey } from './override.ts';

const flagsOf = (...flags: readonly Flag[]): ReadonlyMap<string, Flag> =>
  new Map(flags.map((flag) => [flag.key, flag]));
const change = (found: readonly FlagDefinition[], prune = false) =>
  ({ found, prune, action: 'registry.imported' }) as const;

describe('a registry change', () => {
  const kept = sampleFlag({ key: 'ff.kept', version: 1 });
  const old = sampleFlag({ key: 'ff.old', version: 2, created_at: '2025-01-01T00:00:00.000Z' });
  const gone = sampleFlag({ key: 'ff.gone', version: 3 });
  const found = [
    sampleDefinition({ key: 'ff.new' }),
    sampleDefinition({ key: 'ff.a.new', created_at: '2020-01-01T00:00:00Z' }),
    sampleDefinition({ key: 'ff.old', owner: 'x', created_at: '2020-01-01T00:00:00Z', version: 99 }),
    sampleDefinition({ key: 'ff.kept', created_at: '2020-01-01T00:00:00Z', version: 99 }),
  ];

  it('adds and changes, and leaves what is not named', () => {
    const decision = decideRegistryChange(flagsOf(kept, old, gone), change(found), new PlainTransaction());
    const diff = { added: ['ff.a.new', 'ff.new'], changed: ['ff.old'], removed: [] };
    expect(decision.answer).toEqual(diff);
    expect(decision.changes).toEqual([
      {
        key: 'ff.a.new',
        version: 101,
        row: sampleFlag({ key: 'ff.a.new', version: 101, created_at: '2020-01-01T00:00:00Z' }),
      },
      { key: 'ff.new', version: 102, row: sampleFlag({ key: 'ff.new', version: 102 }) },
      { key: 'ff.old', version: 103, row: { ...old, owner: 'x', version: 103 } },
    ]);
    expect(decision.records).toEqual([
      { action: 'registry.imported', target: { type: 'registry', id: 'registry' }, after: diff, outcome: 'accepted' },
    ]);
    expect(
      decision.messages.map(({ payload }) => [
        payload['namespace'],
        payload['trigger'],
        payload['key'],
        payload['version'],
      ]),
    ).toEqual([
      ['flag', 'registry_reload', 'ptt:ff:flag:ff.a.new', 101],
      ['flag', 'registry_reload', 'ptt:ff:flag:ff.new', 102],
      ['flag', 'registry_reload', 'ptt:ff:flag:ff.old', 103],
    ]);
  });

  it('of more flags than a record can name is recorded by its first keys and by how many there are', () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      sampleDefinition({ key: `ff.${'x'.repeat(120)}${String(index).padStart(5, '0')}` }),
    );
    const { answer, records } = decideRegistryChange(flagsOf(gone), change(many, true), new PlainTransaction());
    expect(answer.added).toHaveLength(10_000);
    expect(records).toMatchObject([
      {
        after: {
          added: answer.added.slice(0, LIMITS.recordedKeys),
          changed: [],
          removed: ['ff.gone'],
          counts: { added: 10_000, changed: 0, removed: 1 },
        },
      },
    ]);
    // One record must fit a call to admin.audit.ingest.
    expect(JSON.stringify(records).length).toBeLessThan(LIMITS.bodyBytes / 2);
  });

  it.each([
    [LIMITS.recordedKeys, false],
    [LIMITS.recordedKeys + 1, true],
  ])('of %d flags of each kind is recorded with counts: %s', (length, isCounted) => {
    const keys = (kind: string): string[] => Array.from({ length }, (_, index) => `${kind}.${index}`);
    const diff = { added: keys('a'), changed: keys('c'), removed: keys('r') };
    const first = (kind: string): string[] => keys(kind).slice(0, LIMITS.recordedKeys);
    expect(registryRecord('registry.imported', diff).after).toEqual({
      added: first('a'),
      changed: first('c'),
      removed: first('r'),
      ...(isCounted ? { counts: { added: length, changed: length, removed: length } } : {}),
    });
  });

  it('removes only with prune, and leaves tombstones', () => {
    const decision = decideRegistryChange(flagsOf(kept, gone, old), change([], true), new PlainTransaction());
    expect(decision.answer).toEqual({ added: [], changed: [], removed: ['ff.gone', 'ff.kept', 'ff.old'] });
    expect(decision.changes).toEqual([
      { key: 'ff.gone', version: 101, row: null },
      { key: 'ff.kept', version: 102, row: null },
      { key: 'ff.old', version: 103, row: null },
    ]);
    expect(decision.messages).toHaveLength(3);
  });

  it('that changes nothing writes nothing', () => {
    const same = sampleDefinition({ key: 'ff.kept', created_at: '1999-01-01T00:00:00Z', version: 5 });
    expect(decideRegistryChange(flagsOf(kept), change([same], true), new PlainTransaction())).toEqual({
      answer: { added: [], changed: [], removed: [] },
      changes: [],
      records: [],
      messages: [],
    });
  });

  it('sees a change of the order of variants, and none in the order of targeting', () => {
    const flag = sampleFlag({ targeting: { if: [{ '==': [1, 1] }, 'on'] }, metadata: { a: 1, b: 2 } });
    const turned = sampleDefinition({ ...flag, variants: { off: false, on: true } });
    const same = sampleDefinition({ ...flag, metadata: { b: 2, a: 1 } });
    expect(diffRegistry(flagsOf(flag), { found: [turned], prune: false }).changed).toEqual(['ff.sample']);
    expect(diffRegistry(flagsOf(flag), { found: [same], prune: false }).changed).toEqual([]);
  });

  it('percent-encodes keys in its messages', () => {
    const { messages } = decideRegistryChange(
      flagsOf(),
      change([sampleDefinition({ key: 'any key' })]),
      new PlainTransaction(),
    );
    expect(messages[0]?.payload['key']).toBe('ptt:ff:flag:any%20key');
  });
});

describe('adopting overrides from a file', () => {
  const same = sampleOverride({ subject_id: 'T-same', version: 5 });
  const differs = sampleOverride({ subject_id: 'T-differs', version: 6 });
  const gone = sampleOverride({ scope: 'user', subject_id: 'U-gone', version: 7 });
  const current = new Map([same, differs, gone].map((row) => [overrideRowKey(row), row]));
  const added = { ...same, subject_id: 'T-added', expires_at: '2027-01-01T00:00:00.000Z' };

  it('sets what differs, removes what is gone, with a record and a message each', () => {
    const found = [added, { ...differs, variant: 'off' }, { ...same, version: 99 }];
    const { changes, records, messages } = decideAdoptOverrides(current, found, 'foreign_edit', new PlainTransaction());
    const set = (row: Override, variant: string, version: number): Override => ({
      ...row,
      variant,
      version,
      set_by: 'foreign_edit',
      set_at: '2026-01-01T00:00:00.000Z',
    });
    expect(changes).toEqual([
      { key: 'tenant:T-added:ff.sample', version: 101, row: set(added, 'on', 101) },
      { key: 'tenant:T-differs:ff.sample', version: 102, row: set(differs, 'off', 102) },
      { key: 'user:U-gone:ff.sample', version: 103, row: null },
    ]);
    expect(records.map(({ action, tenantId, before, after }) => [action, tenantId, before, after])).toEqual([
      ['override.set', 'T-added', undefined, set(added, 'on', 101)],
      ['override.set', 'T-differs', differs, set(differs, 'off', 102)],
      ['override.removed', undefined, gone, undefined],
    ]);
    expect(messages.map(({ payload }) => [payload['trigger'], payload['key'], payload['version']])).toEqual([
      ['override_mutation', 'ptt:ff:override:tenant:T-added:ff.sample', 101],
      ['override_mutation', 'ptt:ff:override:tenant:T-differs:ff.sample', 102],
      ['override_mutation', 'ptt:ff:override:user:U-gone:ff.sample', 103],
    ]);
  });

  it.each([{ reason: 'other' }, { expires_at: '2028-01-01T00:00:00.000Z' }, { variant: 'off' }])(
    'sees %j',
    (stated) => {
      const found = [{ ...same, ...stated }, differs, gone];
      expect(decideAdoptOverrides(current, found, 'x', new PlainTransaction()).changes).toHaveLength(1);
    },
  );

  it('writes nothing where nothing differs', () => {
    const decision = decideAdoptOverrides(current, [gone, differs, same], 'x', new PlainTransaction());
    expect(decision).toEqual({ answer: null, changes: [], records: [], messages: [] });
  });
});

describe('a row key', () => {
  it.each(['T-1', 'a:b', 'a%3Ab', 'ü/..', '::'])('gives its parts back for %j', (subject_id) => {
    const key = { scope: 'user', subject_id, flag_key: 'ff.a:b' } as const;
    expect(overrideKeyOf(overrideRowKey(key))).toEqual(key);
  });

  it.each(['', 'tenant', 'tenant:a', 'flag:a:b', 'tenant:a:b:c'])('is none as %j', (text) => {
    expect(overrideKeyOf(text)).toBeNull();
  });
});
