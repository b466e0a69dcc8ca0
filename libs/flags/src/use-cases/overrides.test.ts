import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FlagService } from '../testing/flag-service.ts';
import { parseJson } from '../testing/parse-json.ts';
import { TENANT, USER } from '../testing/samples.ts';

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
});
afterEach(() => service.close());

describe('an override', () => {
  beforeEach(() => service.define({ 'ff.a': {} }));

  it('that is set answers its new state, the backing and an honest warning', async () => {
    const answer = await service.set(TENANT, { value: true }, '2027-01-01T00:00:00Z');
    expect(answer).toEqual({
      override: {
        ...TENANT,
        variant: 'on',
        value: true,
        reason: 'a trial',
        expires_at: '2027-01-01T00:00:00.000Z',
        set_by: 'u-1',
        set_at: '2026-01-01T00:00:00.000Z',
        version: 2,
      },
      warnings: ['file_backed_not_replicated'],
      meta: { backing_state: 'file_backed', verification: 'verified' },
    });
  });

  it('warns of decoded tokens too, and of files only where there are files', async () => {
    service.facts.verification = 'decode-only';
    expect((await service.set(TENANT, { value: true })).warnings).toEqual([
      'file_backed_not_replicated',
      'auth_not_verified',
    ]);
    service.facts.backingState = 'db_backed';
    expect((await service.remove(TENANT)).warnings).toEqual(['auth_not_verified']);
  });

  it('leaves one record and one message, and none where nothing changed', async () => {
    await service.set(TENANT, { value: true });
    await service.set(TENANT, { variant: 'on' });
    await service.remove(TENANT);
    await service.remove(TENANT);
    expect(service.files.actions()).toEqual(['registry.imported', 'override.set', 'override.removed']);
    expect(service.files.messages().map(({ trigger, version }) => [trigger, version])).toEqual([
      ['registry_reload', 1],
      ['override_mutation', 2],
      ['override_mutation', 3],
    ]);
  });

  it('comes back as it was when it is set to what it already is', async () => {
    const first = await service.set(TENANT, { value: true });
    await service.machine.clock.advance(1_000);
    expect(await service.set(TENANT, { value: true })).toEqual(first);
  });

  it('that is removed answers none, be it there or not', async () => {
    await service.set(TENANT, { value: true });
    const none = {
      override: null,
      warnings: ['file_backed_not_replicated'],
      meta: { backing_state: 'file_backed', verification: 'verified' },
    };
    expect(await service.remove(TENANT)).toEqual(none);
    expect(await service.remove(TENANT)).toEqual(none);
  });

  it('that is not there is at no version', async () => {
    await expect(service.remove(TENANT, 2)).rejects.toMatchObject({ code: 'version_mismatch' });
  });

  it('is refused to a token bound to other tenants, and of users to any bound one', async () => {
    await service.setAs(TENANT, { tenants: ['T-1'] });
    await service.remove(TENANT, null, { tenants: ['T-1'] });
    const lines = service.files.lines.length;
    const forbidden = { code: 'tenant_forbidden', pointer: '#/path/tenant_id' };
    await expect(service.setAs(TENANT, { tenants: ['T-2'] })).rejects.toMatchObject(forbidden);
    await expect(service.remove(TENANT, null, { tenants: ['T-2'] })).rejects.toMatchObject(forbidden);
    await expect(service.setAs(USER, { tenants: ['T-1'] })).rejects.toMatchObject({
      ...forbidden,
      pointer: '#/path/user_id',
    });
    await expect(service.remove(USER, null, { tenants: ['T-1'] })).rejects.toMatchObject({ code: 'tenant_forbidden' });
    expect(service.files.lines).toHaveLength(lines);
    await service.setAs(USER, { tenants: ['T-1'], verified: false });
  });

  it.each([
    [{ ...TENANT, subject_id: '' }, '#/path/tenant_id'],
    [{ ...TENANT, subject_id: 'x'.repeat(257) }, '#/path/tenant_id'],
    [{ ...USER, subject_id: '\ud800' }, '#/path/user_id'],
    [{ ...TENANT, flag_key: '\ud800' }, '#/path/flag_key'],
    [{ ...TENANT, flag_key: 'x'.repeat(129) }, '#/path/flag_key'],
  ] as const)('is refused for the key %#, which is none', async (key, pointer) => {
    await expect(service.set(key, { value: true })).rejects.toMatchObject({ code: 'invalid_field', pointer });
    await expect(service.remove(key)).rejects.toMatchObject({ code: 'invalid_field', pointer });
  });

  it('may be for a subject as long as an id may be', async () => {
    const { override } = await service.set({ ...TENANT, subject_id: 'x'.repeat(256) }, { value: true });
    expect(override?.subject_id).toHaveLength(256);
  });

  it('is in the file that people read', async () => {
    await service.set(TENANT, { value: false });
    await service.idle();
    const text = await service.machine.read('override_examples.json');
    expect(parseJson(text ?? '')).toMatchObject({
      tenant_overrides: [{ subject_id: 'T-1', flag_key: 'ff.a', variant: 'off', version: 2 }],
      user_overrides: [],
    });
  });
});

describe("somebody else's edit of the overrides", () => {
  const row = { subject_id: 'T-1', flag_key: 'ff.a', reason: 'by hand' };

  it('is taken up, by value or by variant, on the account of foreign_edit', async () => {
    await service.define({ 'ff.a': {} });
    await service.set(TENANT, { value: true });
    await service.set(USER, { value: true });
    await service.idle();
    await service.machine.edit('override_examples.json', {
      tenant_overrides: [
        { ...row, value: false, version: 999, set_by: 'somebody' },
        { ...row, subject_id: 'T-2', variant: 'on' },
      ],
      user_overrides: [],
    });
    await service.files.flags.look();
    const held = service.files.overrides.read('ff.a', 'tenant', 'T-1').value;
    expect(held?.override).toMatchObject({ variant: 'off', reason: 'by hand', set_by: 'foreign_edit', version: 4 });
    expect(service.files.overrides.read('ff.a', 'tenant', 'T-2').value?.override).toMatchObject({
      variant: 'on',
      version: 5,
    });
    expect(service.files.overrides.read('ff.a', 'user', 'U-1').value).toBeNull();
    expect(
      service.files
        .entries()
        .slice(3)
        .map(({ action, actor }) => [action, actor]),
    ).toEqual([
      ['override.set', 'foreign_edit'],
      ['override.set', 'foreign_edit'],
      ['override.removed', 'foreign_edit'],
    ]);
    expect(
      service.files
        .messages()
        .slice(3)
        .map(({ trigger }) => trigger),
    ).toEqual(Array.from({ length: 3 }, () => 'override_mutation'));
  });

  it('changes nothing where a value fits no variant', async () => {
    await service.define({ 'ff.a': {} });
    await service.set(TENANT, { value: true });
    await service.idle();
    await service.machine.edit('override_examples.json', {
      tenant_overrides: [{ ...row, value: 'x' }],
      user_overrides: [],
    });
    await service.files.flags.look();
    expect(service.files.overrides.read('ff.a', 'tenant', 'T-1').value?.override.variant).toBe('on');
    expect(service.machine.notices).toEqual([
      expect.objectContaining({
        kind: 'edit_rejected',
        faults: [expect.objectContaining({ pointer: '/tenant_overrides/0/value' })],
      }),
    ]);
    expect((await service.reload()).flags).toBe(1);
  });
});
