import { beforeEach, describe, expect, it } from '@jest/globals';
import { type JsonValue, PttError } from '#libs/kernel';
import { sampleFlag, sampleOverride } from '../testing/samples.ts';
import { overridesDocument, parseOverrideRow, parseOverrides, resolveOverrides } from './override-document.ts';
import { type Override, overrideView } from './override.ts';

const ROW = { subject_id: 'T-1', flag_key: 'ff.sample', variant: 'on', reason: 'a trial' };

function pointersOf(document: JsonValue): readonly string[] {
  try {
    parseOverrides(document);
  } catch (error) {
    if (error instanceof PttError && error.code === 'registry_invalid')
      return error.faults.map(({ pointer }) => pointer);
    throw error;
  }
  return [];
}

describe('an overrides document', () => {
  // New ones for each test, since a document remembers what it said of an override.
  let tenant: Override;
  let user: Override;
  beforeEach(() => {
    tenant = sampleOverride({ version: 4 });
    user = sampleOverride({ scope: 'user', subject_id: 'U', expires_at: '2027-01-01T00:00:00.000Z', version: 5 });
  });

  it('keeps tenants and users in a list each, with the scope in the place alone', () => {
    expect(overridesDocument([tenant, user])).toStrictEqual({
      tenant_overrides: [{ ...ROW, set_by: 'someone', set_at: tenant.set_at, version: 4 }],
      user_overrides: [
        { ...ROW, subject_id: 'U', set_by: 'someone', set_at: user.set_at, version: 5, expires_at: user.expires_at },
      ],
    });
  });

  it('gives each override the same element every time', () => {
    expect(overridesDocument([tenant])['tenant_overrides']?.[0]).toBe(
      overridesDocument([user, tenant])['tenant_overrides']?.[0],
    );
  });

  it('gives back what was written', () => {
    const read = parseOverrides(overridesDocument([tenant, user]));
    const { variant: _tenant, ...ofTenant } = tenant;
    const { variant: _user, ...ofUser } = user;
    expect(read).toEqual([
      { ...ofTenant, choice: { variant: 'on' }, pointer: '/tenant_overrides/0' },
      { ...ofUser, choice: { variant: 'on' }, pointer: '/user_overrides/0' },
    ]);
  });

  it('may leave a list out, and to the store what the store knows', () => {
    expect(parseOverrides({ user_overrides: [ROW] })).toEqual([
      {
        scope: 'user',
        subject_id: 'T-1',
        flag_key: 'ff.sample',
        choice: { variant: 'on' },
        reason: 'a trial',
        expires_at: null,
        set_by: null,
        set_at: null,
        version: null,
        pointer: '/user_overrides/0',
      },
    ]);
  });

  it.each<[string, JsonValue, string]>([
    ['no object', [], ''],
    ['another member', { more: 1 }, '/more'],
    ['no list', { tenant_overrides: {} }, '/tenant_overrides'],
    ['no object in a list', { user_overrides: [1] }, '/user_overrides/0'],
    ['an unknown member', { tenant_overrides: [{ ...ROW, tenant_id: 'x' }] }, '/tenant_overrides/0/tenant_id'],
    ['no subject', { tenant_overrides: [{ ...ROW, subject_id: null }] }, '/tenant_overrides/0/subject_id'],
    ['no reason', { tenant_overrides: [{ ...ROW, reason: '' }] }, '/tenant_overrides/0/reason'],
    ['no flag', { tenant_overrides: [{ ...ROW, flag_key: 1 }] }, '/tenant_overrides/0/flag_key'],
    ['neither value nor variant', { tenant_overrides: [{ ...ROW, variant: null }] }, '/tenant_overrides/0/value'],
    ['both value and variant', { tenant_overrides: [{ ...ROW, value: true }] }, '/tenant_overrides/0/value'],
    ['a null value', { tenant_overrides: [{ ...ROW, variant: null, value: null }] }, '/tenant_overrides/0/value'],
    ['a list as value', { tenant_overrides: [{ ...ROW, variant: null, value: [] }] }, '/tenant_overrides/0/value'],
    [
      'a bad end',
      { tenant_overrides: [{ ...ROW, expires_at: '2026-13-01T00:00:00Z' }] },
      '/tenant_overrides/0/expires_at',
    ],
    ['two for one subject', { tenant_overrides: [ROW, { ...ROW, variant: 'off' }] }, '/tenant_overrides/1'],
  ])('is refused with %s', (_what, document, pointer) => {
    expect(pointersOf(document)).toEqual([pointer]);
  });

  it('may name its schema', () => {
    expect(pointersOf({ $schema: 'overrides.json', tenant_overrides: [ROW] })).toEqual([]);
  });

  it('is told of an override that does not hold once, not of what it stands beside', () => {
    const faulty = { ...ROW, reason: null };
    expect(pointersOf({ tenant_overrides: [faulty, faulty] })).toEqual([
      '/tenant_overrides/0/reason',
      '/tenant_overrides/1/reason',
    ]);
  });

  it('names at most as many faults as an answer holds, and counts all', () => {
    const document = { tenant_overrides: Array.from({ length: 60 }, () => 1) };
    expect(pointersOf(document)).toHaveLength(50);
    expect(() => parseOverrides(document)).toThrow('The overrides have 60 fault(s). Nothing was changed.');
  });

  it('may have the same subject as tenant and as user', () => {
    expect(pointersOf({ tenant_overrides: [ROW], user_overrides: [ROW] })).toEqual([]);
  });
});

describe('a stated value', () => {
  const stated = (choice: object): ReturnType<typeof parseOverrides> =>
    parseOverrides({ tenant_overrides: [{ subject_id: 'T', flag_key: 'ff.sample', reason: 'r', ...choice }] });
  const flags = (key: string) => (key === 'ff.sample' ? sampleFlag() : undefined);

  it('is traced to its variant', () => {
    expect(resolveOverrides(stated({ value: false }), flags)).toEqual([
      { scope: 'tenant', subject_id: 'T', flag_key: 'ff.sample', variant: 'off', reason: 'r', expires_at: null },
    ]);
  });

  it('is refused where no variant has it, or there is no flag', () => {
    const refusal = {
      code: 'registry_invalid',
      faults: [{ pointer: '/tenant_overrides/0/value', detail: 'the value is none of the variants of its flag' }],
    };
    expect(() => resolveOverrides(stated({ value: 'x' }), flags)).toThrow(expect.objectContaining(refusal));
    expect(() => resolveOverrides(stated({ value: false }), () => undefined)).toThrow(expect.objectContaining(refusal));
  });

  it('need not be traced where the variant is named, be it gone', () => {
    expect(resolveOverrides(stated({ variant: 'gone' }), flags)[0]?.variant).toBe('gone');
    expect(resolveOverrides(stated({ variant: 'on' }), () => undefined)[0]?.variant).toBe('on');
  });
});

describe('a stored override', () => {
  it('is read as it was', () => {
    const row = sampleOverride({ expires_at: '2027-01-01T00:00:00.000Z' });
    expect(parseOverrideRow({ ...row })).toEqual(row);
    expect(parseOverrideRow({ ...sampleOverride({ scope: 'user' }) })).toEqual(sampleOverride({ scope: 'user' }));
  });

  const every = ['/scope', '/subject_id', '/flag_key', '/variant', '/reason', '/set_by', '/set_at'];

  it.each<[JsonValue, readonly string[]]>([
    [1, every],
    [{}, every],
    [{ ...sampleOverride(), scope: 'all' }, ['/scope']],
    [{ ...sampleOverride(), variant: '' }, ['/variant']],
  ])('is refused as %j', (value, pointers) => {
    const faults = pointers.map((pointer) => expect.objectContaining({ pointer }));
    expect(() => parseOverrideRow(value)).toThrow(expect.objectContaining({ code: 'registry_invalid', faults }));
  });

  it('is shown with what its variant stands for now', () => {
    expect(overrideView(sampleOverride(), sampleFlag()).value).toBe(true);
    expect(overrideView(sampleOverride({ variant: 'gone' }), sampleFlag()).value).toBeNull();
    expect(overrideView(sampleOverride(), null).value).toBeNull();
  });
});
