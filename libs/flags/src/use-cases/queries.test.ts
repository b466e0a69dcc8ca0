import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '#libs/kernel';
import { FlagService } from '../testing/flag-service.ts';
import { sampleActor } from '../testing/samples.ts';
import type { PageRequest } from '../domain/page.ts';
import type { OverrideFilter } from '../ports/override-store.ts';
import { ExportRegistryHandler } from './export-registry.ts';
import { GetFlag, GetFlagHandler, ListFlags, ListFlagsHandler } from './list-flags.ts';
import { ListOverrides, ListOverridesHandler } from './list-overrides.ts';
import { RolloutSurfacesHandler } from './rollout-surfaces.ts';

const PLAIN = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', lifecycle: 'active' };
const SURFACE = { runtime: 'Interactive wizard', current_gate: 'none, scaffold visible to all' };
const FIRST: PageRequest = { cursor: null, limit: null };

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
  await service.define({
    'ff.b': { expected_lifetime_days: 1 },
    'ff.a': { surface: SURFACE, defaultVariant: 'on' },
    'ff.gated': {
      surface: SURFACE,
      defaultVariant: 'on',
      requires_approval: true,
      approval_matrix_row: 'row-sensitive-override',
    },
    'ff.off': { surface: SURFACE, defaultVariant: 'on', state: 'DISABLED' },
  });
});
afterEach(() => service.close());

describe('definitions', () => {
  const list = (cursor: string | null = null, limit: number | null = null) =>
    new ListFlagsHandler(service.files.flags, service.machine.clock).execute(new ListFlags({ cursor, limit }));
  const get = (key: string) => new GetFlagHandler(service.files.flags, service.machine.clock).execute(new GetFlag(key));

  it('are listed by page, in the order of their keys', async () => {
    const first = await list(null, 3);
    expect(first.flags.map(({ key }) => key)).toEqual(['ff.a', 'ff.b', 'ff.gated']);
    const second = await list(first.next_cursor, 3);
    expect(second.flags.map(({ key }) => key)).toEqual(['ff.off']);
    expect(second.next_cursor).toBeNull();
  });

  it('are shown whole, with whether they are gated and stale', async () => {
    const created_at = '2026-01-01T00:00:00.000Z';
    const shown = {
      key: 'ff.b',
      ...PLAIN,
      expected_lifetime_days: 1,
      created_at,
      version: 2,
      gated: false,
      stale: false,
    };
    expect(await get('ff.b')).toEqual(shown);
    await service.machine.clock.advance(86_400_001);
    expect(await get('ff.b')).toEqual({ ...shown, stale: true });
    expect((await list()).flags.map(({ stale }) => stale)).toEqual([false, true, false, false]);
    expect((await get('ff.gated'))['gated']).toBe(true);
  });

  it('that do not exist are 404', async () => {
    await expect(get('ff.gone')).rejects.toMatchObject({ code: 'flag_not_found', pointer: '#/path/flag_key' });
  });

  it('are exported as a document that an import takes back without a difference', async () => {
    const document = await new ExportRegistryHandler(service.files.flags).execute();
    expect(Object.keys(document.flags)).toEqual(['ff.a', 'ff.b', 'ff.gated', 'ff.off']);
    const lines = service.files.lines.length;
    await service.import(document);
    expect(service.files.lines).toHaveLength(lines);
  });

  it('of surfaces say which runtime they stand for and what everybody gets', async () => {
    const { surfaces } = await new RolloutSurfacesHandler(service.files.flags).execute();
    expect(surfaces).toEqual([
      { flag_key: 'ff.a', ...SURFACE, default_on: true, gated: false, flag_version: 1 },
      { flag_key: 'ff.gated', ...SURFACE, default_on: true, gated: true, flag_version: 3 },
      { flag_key: 'ff.off', ...SURFACE, default_on: false, gated: false, flag_version: 4 },
    ]);
  });

  it('of a surface that is off by default say so', async () => {
    await service.define({ 'ff.b': { surface: SURFACE } });
    const { surfaces } = await new RolloutSurfacesHandler(service.files.flags).execute();
    expect(surfaces.find(({ flag_key }) => flag_key === 'ff.b')?.default_on).toBe(false);
  });
});

describe('overrides', () => {
  const list = (filter: OverrideFilter, actor: Partial<Actor> = {}, page = FIRST) =>
    new ListOverridesHandler(service.files.overrides, service.files.flags).execute(
      new ListOverrides(filter, sampleActor(actor), page),
    );

  beforeEach(async () => {
    for (const subject_id of ['T-2', 'T-1'])
      await service.set({ scope: 'tenant', subject_id, flag_key: 'ff.a' }, { value: false });
    await service.set({ scope: 'tenant', subject_id: 'T-1', flag_key: 'ff.b' }, { value: true });
    await service.set({ scope: 'user', subject_id: 'U', flag_key: 'ff.a' }, { value: false });
  });

  const subjects = async (filter: OverrideFilter, actor: Partial<Actor> = {}): Promise<readonly string[]> =>
    (await list(filter, actor)).overrides.map(({ subject_id, flag_key }) => `${subject_id} ${flag_key}`);

  it('are listed by tenant, by user and by flag', async () => {
    expect(await subjects({ scope: 'tenant', subjectId: 'T-1' })).toEqual(['T-1 ff.a', 'T-1 ff.b']);
    expect(await subjects({ scope: 'user', subjectId: 'U' })).toEqual(['U ff.a']);
    expect(await subjects({ flagKey: 'ff.a' })).toEqual(['T-1 ff.a', 'T-2 ff.a', 'U ff.a']);
  });

  it('show what their variant stands for now, and none that no longer fits', async () => {
    expect((await list({ scope: 'user', subjectId: 'U' })).overrides[0]).toMatchObject({
      variant: 'off',
      value: false,
    });
    await service.define({ 'ff.a': { variants: { yes: true, no: false }, defaultVariant: 'no' } });
    expect((await list({ scope: 'user', subjectId: 'U' })).overrides[0]).toMatchObject({ variant: 'off', value: null });
  });

  it('are paged', async () => {
    const first = await list({ flagKey: 'ff.a' }, {}, { cursor: null, limit: 2 });
    const second = await list({ flagKey: 'ff.a' }, {}, { cursor: first.next_cursor, limit: 2 });
    expect([...first.overrides, ...second.overrides].map(({ subject_id }) => subject_id)).toEqual(['T-1', 'T-2', 'U']);
  });

  it('are shown to a bound token of its own tenants alone', async () => {
    const bound = { tenants: ['T-1'] };
    expect(await subjects({ scope: 'tenant', subjectId: 'T-1' }, bound)).toHaveLength(2);
    expect(await subjects({ flagKey: 'ff.a' }, bound)).toEqual(['T-1 ff.a']);
    await expect(list({ scope: 'tenant', subjectId: 'T-2' }, bound)).rejects.toMatchObject({
      code: 'tenant_forbidden',
      pointer: '#/path/tenant_id',
    });
    await expect(list({ scope: 'user', subjectId: 'U' }, bound)).rejects.toMatchObject({
      code: 'tenant_forbidden',
      pointer: '#/path/user_id',
    });
  });
});
