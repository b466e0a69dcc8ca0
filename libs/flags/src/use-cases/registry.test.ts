import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonValue } from '#libs/kernel';
import { by, FlagService } from '../testing/flag-service.ts';
import { sampleRegistry, SEEDING, TENANT, USER } from '../testing/samples.ts';
import { SeedFlags, SeedFlagsHandler } from './seed-flags.ts';

const GATED = { requires_approval: true, approval_matrix_row: 'row-sensitive-override' };
const UNKNOWN_ROW = { requires_approval: true, approval_matrix_row: 'row-unknown' };

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
});
afterEach(() => service.close());

const seed = (registry: JsonValue, overrides: JsonValue) =>
  new SeedFlagsHandler(service.files.flags, service.files.overrides).execute(
    by(new SeedFlags(registry, overrides), SEEDING),
  );

describe('an import', () => {
  it('adds and changes, and removes only with prune', async () => {
    await service.define({ 'ff.a': {}, 'ff.b': {} });
    const document = sampleRegistry({ 'ff.b': { owner: 'x' }, 'ff.c': {} });
    expect(await service.import(document)).toEqual({
      added: ['ff.c'],
      changed: ['ff.b'],
      removed: [],
      dry_run: false,
      warnings: [],
      meta: { backing_state: 'file_backed' },
    });
    expect(service.keys()).toEqual(['ff.a', 'ff.b', 'ff.c']);
    expect(await service.import(document, { prune: true })).toMatchObject({
      added: [],
      changed: [],
      removed: ['ff.a'],
    });
    expect(service.keys()).toEqual(['ff.b', 'ff.c']);
  });

  it('that is a dry run shows the difference and changes nothing', async () => {
    await service.define({ 'ff.a': {} });
    const answer = await service.import(sampleRegistry({ 'ff.b': {} }), { prune: true, dryRun: true });
    expect(answer).toMatchObject({ added: ['ff.b'], removed: ['ff.a'], dry_run: true });
    expect(service.keys()).toEqual(['ff.a']);
    expect(service.files.lines).toHaveLength(1);
  });

  it('that changes nothing writes nothing', async () => {
    await service.define({ 'ff.a': {} });
    await service.define({ 'ff.a': {} });
    expect(service.files.lines).toHaveLength(1);
  });

  it('with a fault changes nothing and names it', async () => {
    const document = sampleRegistry({ 'ff.good': {}, 'ff.bad': { defaultVariant: 'gone' } });
    await expect(service.import(document)).rejects.toMatchObject({
      code: 'registry_invalid',
      pointer: '/flags/ff.bad/defaultVariant',
    });
    expect(service.keys()).toEqual([]);
  });

  it('refuses rows that a reachable Admin does not have, and only those', async () => {
    const document = sampleRegistry({
      'ff.x': UNKNOWN_ROW,
      'ff.y': GATED,
      'ff.z': UNKNOWN_ROW,
      'ff.open': { approval_matrix_row: 'row-unknown' },
    });
    await expect(service.import(document, { dryRun: true })).rejects.toMatchObject({ code: 'matrix_row_unknown' });
    await expect(service.import(document)).rejects.toMatchObject({
      code: 'matrix_row_unknown',
      pointer: '/flags/ff.x/approval_matrix_row',
      faults: [
        { pointer: '/flags/ff.x/approval_matrix_row', detail: 'Admin\'s matrix has no row "row-unknown"' },
        { pointer: '/flags/ff.z/approval_matrix_row', detail: 'Admin\'s matrix has no row "row-unknown"' },
      ],
    });
    expect(service.keys()).toEqual([]);
    service.matrix.isReachable = false;
    await service.import(document);
    expect(service.keys()).toHaveLength(4);
  });
});

describe('a reload', () => {
  it('records and publishes, even where nothing differs', async () => {
    await service.define({ 'ff.a': {} });
    expect(await service.reload()).toEqual({ flags: 1, warnings: [], meta: { backing_state: 'file_backed' } });
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
    await service.idle();
    await service.machine.edit('registry.json', sampleRegistry({ 'ff.a': { defaultVariant: 'on' }, 'ff.new': {} }));
    expect((await service.reload()).flags).toBe(2);
    expect(service.keys()).toEqual(['ff.a', 'ff.new']);
    const flag = service.files.flags.read('ff.a').value;
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
    await service.idle();
    await service.machine.edit('registry.json', sampleRegistry({ 'ff.a': { state: 'on', defaultVariant: 1 } }));
    await service.files.flags.look();
    await expect(service.reload()).rejects.toMatchObject({
      code: 'registry_invalid',
      faults: [
        { pointer: '/flags/ff.a/state', detail: expect.stringContaining('(line 1, column ') },
        { pointer: '/flags/ff.a/defaultVariant', detail: expect.any(String) },
      ],
    });
    expect(service.files.lines).toHaveLength(1);
    expect(await service.machine.disk.list('/data/ff')).toContain('registry.json.rejected-1');
    expect((await service.reload()).flags).toBe(1);
  });

  it('forgets a bad file once a good one was taken up', async () => {
    await service.define({ 'ff.a': {} });
    await service.idle();
    await service.machine.write('registry.json', '{');
    const looked = service.files.flags.look();
    await service.idle();
    await looked;
    await service.machine.edit('registry.json', sampleRegistry({ 'ff.b': {} }));
    await service.files.flags.look();
    await service.reload();
    expect(service.keys()).toEqual(['ff.b']);
  });

  it('refuses rows that a reachable Admin does not have', async () => {
    service.matrix.isReachable = false;
    await service.define({ 'ff.x': UNKNOWN_ROW });
    await service.reload();
    service.matrix.isReachable = true;
    await expect(service.reload()).rejects.toMatchObject({ code: 'matrix_row_unknown' });
    expect(service.files.actions()).toEqual(['registry.imported', 'registry.reloaded']);
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
    expect(service.files.overrides.read('ff.a', 'tenant', 'T-1').value?.override).toMatchObject({
      variant: 'on',
      set_by: 'seed',
    });
  });

  it('happens once, whatever was removed since', async () => {
    await seed(registry, overrides);
    await service.remove(TENANT);
    await service.remove({ ...USER, flag_key: 'ff.b' });
    await service.import({ flags: {} }, { prune: true });
    await service.close();
    service = await FlagService.open(service.machine);
    expect(await seed(registry, overrides)).toEqual({ flags: 0, overrides: 0 });
    expect(service.keys()).toEqual([]);
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
