import { describe, expect, it } from '@jest/globals';
import { type JsonValue, PttError } from '#libs/kernel';
import { PLAIN, sampleFlag } from '../testing/samples.ts';
import { parseFlagRow, parseRegistry, registryDocument } from './registry-document.ts';

describe('a registry document', () => {
  const refusalOf = (document: JsonValue): PttError => {
    try {
      parseRegistry(document);
    } catch (error) {
      if (error instanceof PttError) return error;
    }
    throw new Error('it was taken');
  };

  it('gives back what was written of flags', () => {
    const flags = [
      sampleFlag({ key: 'ff.a', targeting: { if: [true, 'on'] }, owner: 'x', version: 3 }),
      sampleFlag({
        key: 'ff.b',
        state: 'DISABLED',
        surface: { runtime: 'r', current_gate: 'none' },
        off_variant: 'off',
      }),
    ];
    const document = registryDocument(flags);
    expect(parseRegistry(document)).toEqual(flags);
    expect(document.flags['ff.a']).toEqual({
      ...PLAIN,
      targeting: { if: [true, 'on'] },
      owner: 'x',
      lifecycle: 'active',
      created_at: '2026-01-01T00:00:00.000Z',
      version: 3,
    });
  });

  it.each<[string, JsonValue, string]>([
    ['no object', [], ''],
    ['no flags', {}, '/flags'],
    ['flags as a list', { flags: [] }, '/flags'],
    ['another member', { flags: {}, more: 1 }, '/more'],
    ['a bad flag', { flags: { 'ff.a/b': 1 } }, '/flags/ff.a~1b'],
  ])('is refused with %s', (_what, document, pointer) => {
    const refusal = refusalOf(document);
    expect(refusal).toMatchObject({ code: 'registry_invalid', pointer });
    expect(refusal.faults.map((fault) => fault.pointer)).toEqual([pointer]);
    expect(refusal.message).toContain('Nothing was changed');
  });

  it('may name its schema', () => {
    expect(parseRegistry({ $schema: 'https://flagd.dev/schema/v0/flags.json', flags: {} })).toEqual([]);
  });

  it('names at most as many faults as an answer holds, and counts all', () => {
    const refusal = refusalOf({ flags: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`ff.f${n}`, 1])) });
    expect(refusal.faults).toHaveLength(50);
    expect(refusal.message).toContain('60 fault(s)');
  });

  it('has at most so many flags', () => {
    const many = Object.fromEntries(Array.from({ length: 50_001 }, (_, n) => [`ff.f${n}`, 1]));
    expect(refusalOf({ flags: many }).faults).toEqual([
      { pointer: '/flags', detail: 'a registry has at most 50000 flags' },
    ]);
  });
});

describe('a stored flag', () => {
  it('is read as it was', () => {
    expect(parseFlagRow({ ...sampleFlag() })).toEqual(sampleFlag());
  });

  it.each<JsonValue>([
    1,
    {},
    { ...sampleFlag(), version: null },
    { ...sampleFlag(), created_at: null },
    { ...sampleFlag(), state: 'x' },
  ])('is refused as %j', (value) => {
    expect(() => parseFlagRow(value)).toThrow(PttError);
  });
});
