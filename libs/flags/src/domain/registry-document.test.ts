import { describe, expect, it } from '@jest/globals';
import { type JsonValue, PttError } from '#libs/kernel';
import { PLAIN, sampleFlag } from '../testing/samples.ts';
import { parseFlagRow, parseRegistry, registryDocument, registryInvalid } from './registry-document.ts';

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
    expect(refusal.message).toBe(
      'The registry has 60 fault(s), the first at /flags/ff.f0: a flag definition must be an object. Nothing was changed.',
    );
  });

  it('has at most so many flags', () => {
    const many = (length: number) => Object.fromEntries(Array.from({ length }, (_, n) => [`ff.f${n}`, 1]));
    expect(refusalOf({ flags: many(50_000) }).pointer).toBe('/flags/ff.f0');
    expect(refusalOf({ flags: many(50_001) }).faults).toEqual([
      { pointer: '/flags', detail: 'a registry has at most 50000 flags' },
    ]);
  });
});

describe('a refusal of the registry', () => {
  it('that names no fault says why, and points nowhere', () => {
    expect(registryInvalid([], 'it is half a file')).toMatchObject({
      message: 'it is half a file',
      pointer: null,
      faults: [],
    });
  });
});

describe('a stored flag', () => {
  it('is read as it was', () => {
    expect(parseFlagRow({ ...sampleFlag() })).toEqual(sampleFlag());
  });

  const keyless = { pointer: '/key', detail: 'a stored flag has a key' };
  const unsaid = { pointer: '/version', detail: 'a stored flag has created_at and version' };

  it.each<[JsonValue, object]>([
    [1, keyless],
    [{}, keyless],
    [{ ...sampleFlag(), version: null }, unsaid],
    [{ ...sampleFlag(), created_at: null }, unsaid],
    [
      { ...sampleFlag(), state: 'x' },
      { pointer: '/state', detail: '"state" must be one of ENABLED, DISABLED' },
    ],
  ])('is refused as %j', (value, fault) => {
    expect(() => parseFlagRow(value)).toThrow(expect.objectContaining({ code: 'registry_invalid', faults: [fault] }));
  });
});
