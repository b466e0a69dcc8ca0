import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor, JsonValue } from '#libs/kernel';
import { FlagService, by } from '../testing/flag-service.ts';
import { parseJson } from '../testing/parse-json.ts';
import { SEEDING, sampleOrigin, sampleRegistry } from '../testing/samples.ts';
import type { InvalidationScope, Namespace } from '../domain/invalidation.ts';
import type { OverrideKey } from '../domain/override.ts';
import { ImportRegistry, ImportRegistryHandler } from './import-registry.ts';
import { InvalidateCache, InvalidateCacheHandler } from './invalidate-cache.ts';
import { ReloadRegistry, ReloadRegistryHandler } from './reload-registry.ts';
import { RemoveOverride, RemoveOverrideHandler } from './remove-override.ts';
import { SeedFlags, SeedFlagsHandler } from './seed-flags.ts';
import { SetOverride } from './set-override.ts';

const TENANT: OverrideKey = { scope: 'tenant', subject_id: 'T-1', flag_key: 'ff.a' };
const USER: OverrideKey = { scope: 'user', subject_id: 'U-1', flag_key: 'ff.a' };
const GATED = { requires_approval: true, approval_matrix_row: 'row-sensitive-override' };
const UNKNOWN_ROW = { requires_approval: true, approval_matrix_row: 'row-unknown' };

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
});
afterEach(() => service.close());

const remove = (key: OverrideKey, ifMatch: number | null = null, actor: Partial<Actor> = {}) =>
  new RemoveOverrideHandler(service.files.overrides, service.files.flags, service.facts).execute(
    by(new RemoveOverride(key, ifMatch), sampleOrigin(actor)),
  );
const setAs = (key: OverrideKey, actor: Partial<Actor>) =>
  service.setting.execute(by(new SetOverride(key, { value: true }, 'why', null, null), sampleOrigin(actor)));
const importing = (document: JsonValue, { prune = false, dryRun = false } = {}) =>
  new ImportRegistryHandler(service.files.flags, service.matrix, service.facts).execute(
    by(new ImportRegistry(document, prune, dryRun)),
  );
const reload = () =>
  new ReloadRegistryHandler(service.files.flags, service.matrix, service.facts).execute(by(new ReloadRegistry()));
const invalidate = (namespace: Namespace | null, what: InvalidationScope, actor: Partial<Actor> = {}) =>
  new InvalidateCacheHandler(service.files.flags, service.facts).execute(
    by(new InvalidateCache(namespace, what), sampleOrigin(actor)),
  );
const seed = (registry: JsonValue, overrides: JsonValue) =>
  new SeedFlagsHandler(service.files.flags, service.files.overrides).execute(
    by(new SeedFlags(registry, overrides), SEEDING),
  );
const keys = (): readonly string[] => service.files.flags.list().map(({ key }) => key);
/** Lets the snapshots be written, as when nothing happens for a while. */
const idle = (): Promise<void> => service.machine.clock.advance(1_000);

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
    expect((await remove(TENANT)).warnings).toEqual(['auth_not_verified']);
  });

  it('leaves one record and one message, and none where nothing changed', async () => {
    await service.set(TENANT, { value: true });
    await service.set(TENANT, { variant: 'on' });
    await remove(TENANT);
    await remove(TENANT);
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
    expect(await remove(TENANT)).toEqual(none);
    expect(await remove(TENANT)).toEqual(none);
  });

  it('that is not there is at no version', async () => {
    await expect(remove(TENANT, 2)).rejects.toMatchObject({ code: 'version_mismatch' });
  });

  it('is refused to a token bound to other tenants, and of users to any bound one', async () => {
    await setAs(TENANT, { tenants: ['T-1'] });
    await remove(TENANT, null, { tenants: ['T-1'] });
    const lines = service.files.lines.length;
    const forbidden = { code: 'tenant_forbidden', pointer: '#/path/tenant_id' };
    await expect(setAs(TENANT, { tenants: ['T-2'] })).rejects.toMatchObject(forbidden);
    await expect(remove(TENANT, null, { tenants: ['T-2'] })).rejects.toMatchObject(forbidden);
    await expect(setAs(USER, { tenants: ['T-1'] })).rejects.toMatchObject({ ...forbidden, pointer: '#/path/user_id' });
    await expect(remove(USER, null, { tenants: ['T-1'] })).rejects.toMatchObject({ code: 'tenant_forbidden' });
    expect(service.files.lines).toHaveLength(lines);
    await setAs(USER, { tenants: ['T-1'], verified: false });
  });

  it.each([
    [{ ...TENANT, subject_id: '' }, '#/path/tenant_id'],
    [{ ...TENANT, subject_id: 'x'.repeat(257) }, '#/path/tenant_id'],
    [{ ...USER, subject_id: '\ud800' }, '#/path/user_id'],
    [{ ...TENANT, flag_key: '\ud800' }, '#/path/flag_key'],
    [{ ...TENANT, flag_key: 'x'.repeat(129) }, '#/path/flag_key'],
  ] as const)('is refused for the key %#, which is none', async (key, pointer) => {
    await expect(service.set(key, { value: true })).rejects.toMatchObject({ code: 'invalid_field', pointer });
    await expect(remove(key)).rejects.toMatchObject({ code: 'invalid_field', pointer });
  });

  it('may be for a subject as long as an id may be', async () => {
    const { override } = await service.set({ ...TENANT, subject_id: 'x'.repeat(256) }, { value: true });
    expect(override?.subject_id).toHaveLength(256);
  });

  it('is in the file that people read', async () => {
    await service.set(TENANT, { value: false });
    await idle();
    const text = await service.machine.read('override_examples.json');
    expect(parseJson(text ?? '')).toMatchObject({
      tenant_overrides: [{ subject_id: 'T-1', flag_key: 'ff.a', variant: 'off', version: 2 }],
      user_overrides: [],
    });
  });
});

describe('an import', () => {
  it('adds and changes, and removes only with prune', async () => {
    await service.define({ 'ff.a': {}, 'ff.b': {} });
    const document = sampleRegistry({ 'ff.b': { owner: 'x' }, 'ff.c': {} });
    expect(await importing(document)).toEqual({
      added: ['ff.c'],
      changed: ['ff.b'],
      removed: [],
      dry_run: false,
      warnings: [],
      meta: { backing_state: 'file_backed' },
    });
    expect(keys()).toEqual(['ff.a', 'ff.b', 'ff.c']);
    expect(await importing(document, { prune: true })).toMatchObject({ added: [], changed: [], removed: ['ff.a'] });
    expect(keys()).toEqual(['ff.b', 'ff.c']);
  });

  it('that is a dry run shows the difference and changes nothing', async () => {
    await service.define({ 'ff.a': {} });
    const answer = await importing(sampleRegistry({ 'ff.b': {} }), { prune: true, dryRun: true });
    expect(answer).toMatchObject({ added: ['ff.b'], removed: ['ff.a'], dry_run: true });
    expect(keys()).toEqual(['ff.a']);
    expect(service.files.lines).toHaveLength(1);
  });

  it('that changes nothing writes nothing', async () => {
    await service.define({ 'ff.a': {} });
    await service.define({ 'ff.a': {} });
    expect(service.files.lines).toHaveLength(1);
  });

  it('with a fault changes nothing and names it', async () => {
    const document = sampleRegistry({ 'ff.good': {}, 'ff.bad': { defaultVariant: 'gone' } });
    await expect(importing(document)).rejects.toMatchObject({
      code: 'registry_invalid',
      pointer: '/flags/ff.bad/defaultVariant',
    });
    expect(keys()).toEqual([]);
  });

  it('refuses rows that a reachable Admin does not have, and only those', async () => {
    const document = sampleRegistry({
      'ff.x': UNKNOWN_ROW,
      'ff.y': GATED,
      'ff.z': UNKNOWN_ROW,
      'ff.open': { approval_matrix_row: 'row-unknown' },
    });
    await expect(importing(document, { dryRun: true })).rejects.toMatchObject({ code: 'matrix_row_unknown' });
    await expect(importing(document)).rejects.toMatchObject({
      code: 'matrix_row_unknown',
      pointer: '/flags/ff.x/approval_matrix_row',
      faults: [
        { pointer: '/flags/ff.x/approval_matrix_row', detail: 'Admin\'s matrix has no row "row-unknown"' },
        { pointer: '/flags/ff.z/approval_matrix_row', detail: 'Admin\'s matrix has no row "row-unknown"' },
      ],
    });
    expect(keys()).toEqual([]);
    service.matrix.isReachable = false;
    await importing(document);
    expect(keys()).toHaveLength(4);
  });
});

describe('a reload', () => {
  it('records and publishes, even where nothing differs', async () => {
    await service.define({ 'ff.a': {} });
    expect(await reload()).toEqual({ flags: 1, warnings: [], meta: { backing_state: 'file_backed' } });
    expect(service.files.entries().at(-1)).toMatchObject({
      action: 'registry.reloaded',
      actor: 'u-1',
      after: { flags: 1 },
      outcome: 'accepted',
    });
    expect(service.files.messages().at(-1)).toMatchObject({
      namespace: 'flag',
      trigger: 'registry_reload',
      scope: {},
      epoch: 2,
    });
  });

  it('takes up what somebody wrote into the file', async () => {
    await service.define({ 'ff.a': {}, 'ff.gone': {} });
    await idle();
    await service.machine.edit('registry.json', sampleRegistry({ 'ff.a': { defaultVariant: 'on' }, 'ff.new': {} }));
    expect((await reload()).flags).toBe(2);
    expect(keys()).toEqual(['ff.a', 'ff.new']);
    const flag = service.files.flags.get('ff.a');
    expect(flag).toMatchObject({ defaultVariant: 'on', created_at: '2026-01-01T00:00:00.000Z' });
    expect(
      service.files
        .entries()
        .slice(1)
        .map(({ action, actor, after }) => [action, actor, after]),
    ).toEqual([
      ['registry.reloaded', 'foreign_edit', { added: ['ff.new'], changed: ['ff.a'], removed: ['ff.gone'] }],
      ['registry.reloaded', 'u-1', { flags: 2 }],
    ]);
    expect(
      service.files
        .messages()
        .slice(2, 5)
        .map(({ trigger, key }) => [trigger, key]),
    ).toEqual([
      ['registry_reload', 'ptt:ff:flag:ff.new'],
      ['registry_reload', 'ptt:ff:flag:ff.a'],
      ['registry_reload', 'ptt:ff:flag:ff.gone'],
    ]);
  });

  it('of a bad file changes nothing and says each fault, also when an earlier look had found it', async () => {
    await service.define({ 'ff.a': {} });
    await idle();
    await service.machine.edit('registry.json', sampleRegistry({ 'ff.a': { state: 'on', defaultVariant: 1 } }));
    await service.files.flags.look();
    await expect(reload()).rejects.toMatchObject({
      code: 'registry_invalid',
      faults: [
        { pointer: '/flags/ff.a/state', detail: expect.stringContaining('(line 1, column ') },
        { pointer: '/flags/ff.a/defaultVariant', detail: expect.any(String) },
      ],
    });
    expect(service.files.lines).toHaveLength(1);
    expect(await service.machine.disk.list('/data/ff')).toContain('registry.json.rejected-1');
    expect((await reload()).flags).toBe(1);
  });

  it('forgets a bad file once a good one was taken up', async () => {
    await service.define({ 'ff.a': {} });
    await idle();
    await service.machine.write('registry.json', '{');
    const looked = service.files.flags.look();
    await idle();
    await looked;
    await service.machine.edit('registry.json', sampleRegistry({ 'ff.b': {} }));
    await service.files.flags.look();
    await reload();
    expect(keys()).toEqual(['ff.b']);
  });

  it('refuses rows that a reachable Admin does not have', async () => {
    service.matrix.isReachable = false;
    await service.define({ 'ff.x': UNKNOWN_ROW });
    await reload();
    service.matrix.isReachable = true;
    await expect(reload()).rejects.toMatchObject({ code: 'matrix_row_unknown' });
    expect(service.files.actions()).toEqual(['registry.imported', 'registry.reloaded']);
  });
});

describe("somebody else's edit of the overrides", () => {
  const row = { subject_id: 'T-1', flag_key: 'ff.a', reason: 'by hand' };

  it('is taken up, by value or by variant, on the account of foreign_edit', async () => {
    await service.define({ 'ff.a': {} });
    await service.set(TENANT, { value: true });
    await service.set(USER, { value: true });
    await idle();
    await service.machine.edit('override_examples.json', {
      tenant_overrides: [
        { ...row, value: false, version: 999, set_by: 'somebody' },
        { ...row, subject_id: 'T-2', variant: 'on' },
      ],
      user_overrides: [],
    });
    await service.files.flags.look();
    const held = service.files.overrides.get('ff.a', 'tenant', 'T-1');
    expect(held?.override).toMatchObject({ variant: 'off', reason: 'by hand', set_by: 'foreign_edit', version: 4 });
    expect(service.files.overrides.get('ff.a', 'tenant', 'T-2')?.override).toMatchObject({
      variant: 'on',
      version: 5,
    });
    expect(service.files.overrides.get('ff.a', 'user', 'U-1')).toBeNull();
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
    await idle();
    await service.machine.edit('override_examples.json', {
      tenant_overrides: [{ ...row, value: 'x' }],
      user_overrides: [],
    });
    await service.files.flags.look();
    expect(service.files.overrides.get('ff.a', 'tenant', 'T-1')?.override.variant).toBe('on');
    expect(service.machine.notices).toEqual([
      expect.objectContaining({
        kind: 'edit_rejected',
        faults: [expect.objectContaining({ pointer: '/tenant_overrides/0/value' })],
      }),
    ]);
    expect((await reload()).flags).toBe(1);
  });
});

describe('invalidating caches by hand', () => {
  it.each<[Namespace | null, InvalidationScope, readonly Namespace[]]>([
    ['jwks', {}, ['jwks']],
    ['override', { tenant: 'T' }, ['override']],
    [null, {}, ['flag', 'override', 'evaluated', 'jwks']],
    [null, { flag: 'ff.a' }, ['flag', 'override', 'evaluated']],
    [null, { tenant: 'T' }, ['override', 'evaluated']],
    [null, { user: 'U' }, ['override', 'evaluated']],
  ])('of %s with scope %j leaves one record and a message for each of %j', async (namespace, what, namespaces) => {
    expect(await invalidate(namespace, what)).toEqual({
      namespaces,
      scope: what,
      warnings: [],
      meta: { backing_state: 'file_backed', cache: 'uncached' },
    });
    expect(service.files.entries()).toEqual([
      expect.objectContaining({
        action: 'cache.invalidated',
        target: { type: 'cache', id: namespace ?? 'all' },
        after: { namespaces, scope: what },
      }),
    ]);
    expect(service.files.entries()[0]?.['tenantId']).toBe('tenant' in what ? what['tenant'] : undefined);
    expect(
      service.files
        .messages()
        .map((message) => [message['namespace'], message['trigger'], message['scope'], message['epoch']]),
    ).toEqual(namespaces.map((one, index) => [one, 'manual_op', what, index + 1]));
  });

  it('of another tenant or of users is refused to a bound token', async () => {
    const bound = { tenants: ['T'] };
    await invalidate(null, { tenant: 'T' }, bound);
    await expect(invalidate(null, { tenant: 'T-2' }, bound)).rejects.toMatchObject({
      code: 'tenant_forbidden',
      pointer: '/tenant',
    });
    await expect(invalidate(null, { user: 'U' }, bound)).rejects.toMatchObject({
      code: 'tenant_forbidden',
      pointer: '/user',
    });
  });
});

describe('seeding', () => {
  const registry = sampleRegistry({ 'ff.a': {}, 'ff.b': GATED });
  const overrides = {
    tenant_overrides: [{ subject_id: 'T-1', flag_key: 'ff.a', value: true, reason: 'an example' }],
    user_overrides: [{ subject_id: 'U-1', flag_key: 'ff.b', variant: 'off', reason: 'an example' }],
  };

  it('fills a new folder, with one record for each file', async () => {
    expect(await seed(registry, overrides)).toEqual({ flags: 2, overrides: 2 });
    expect(service.files.entries().map(({ action, actor, target, after }) => [action, actor, target, after])).toEqual([
      [
        'registry.seeded',
        'seed',
        { type: 'registry', id: 'registry' },
        { added: ['ff.a', 'ff.b'], changed: [], removed: [] },
      ],
      ['registry.seeded', 'seed', { type: 'overrides', id: 'overrides' }, { overrides: 2 }],
    ]);
    expect(service.files.overrides.get('ff.a', 'tenant', 'T-1')?.override).toMatchObject({
      variant: 'on',
      set_by: 'seed',
    });
  });

  it('happens once, whatever was removed since', async () => {
    await seed(registry, overrides);
    await remove(TENANT);
    await remove({ ...USER, flag_key: 'ff.b' });
    await importing({ flags: {} }, { prune: true });
    await service.close();
    service = await FlagService.open(service.machine);
    expect(await seed(registry, overrides)).toEqual({ flags: 0, overrides: 0 });
    expect(keys()).toEqual([]);
  });

  it('goes on where a process died between the two files', async () => {
    await seed(registry, { tenant_overrides: [], user_overrides: [] });
    expect(await seed(registry, overrides)).toEqual({ flags: 0, overrides: 2 });
  });

  it('leaves out examples of flags that an earlier registry does not have', async () => {
    await service.define({ 'ff.b': GATED });
    expect(await seed(registry, overrides)).toEqual({ flags: 0, overrides: 1 });
  });
});
