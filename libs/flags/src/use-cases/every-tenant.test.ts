import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { InvalidationScope, Namespace } from '../domain/invalidation.ts';
import { by, FlagService } from '../testing/flag-service.ts';
import { sampleOrigin, sampleRegistry } from '../testing/samples.ts';
import { ImportRegistry, ImportRegistryHandler } from './import-registry.ts';
import { InvalidateCache, InvalidateCacheHandler } from './invalidate-cache.ts';
import { ReloadRegistry, ReloadRegistryHandler } from './reload-registry.ts';

const BOUND = sampleOrigin({ tenants: ['T'] });
const FORBIDDEN = { code: 'tenant_forbidden' };

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
});
afterEach(() => service.close());

const invalidate = (namespace: Namespace | null, what: InvalidationScope, origin = sampleOrigin()) =>
  new InvalidateCacheHandler(service.files.flags, service.facts).execute(
    by(new InvalidateCache(namespace, what), origin),
  );

describe('a token bound to tenants', () => {
  it('changes no registry, and may see what an import would change', async () => {
    const { flags } = service.files;
    const reload = new ReloadRegistryHandler(flags, service.matrix, service.facts);
    const imports = new ImportRegistryHandler(flags, service.matrix, service.facts);
    const document = sampleRegistry({ 'ff.a': {} });
    await expect(reload.execute(by(new ReloadRegistry(), BOUND))).rejects.toMatchObject(FORBIDDEN);
    await expect(imports.execute(by(new ImportRegistry(document, false, false), BOUND))).rejects.toMatchObject(
      FORBIDDEN,
    );
    expect(service.files.lines).toEqual([]);
    expect(await imports.execute(by(new ImportRegistry(document, false, true), BOUND))).toMatchObject({
      added: ['ff.a'],
    });
  });

  it.each<[Namespace | null, InvalidationScope, string | null]>([
    [null, {}, null],
    ['jwks', {}, null],
    ['override', {}, null],
    [null, { flag: 'ff.a' }, '/flag'],
  ])('drops nothing that is every tenant’s: %s with %j', async (namespace, what, pointer) => {
    await expect(invalidate(namespace, what, BOUND)).rejects.toMatchObject({ ...FORBIDDEN, pointer });
    expect(service.files.lines).toEqual([]);
  });
});

describe('a namespace', () => {
  it.each<[Namespace, InvalidationScope, string]>([
    ['jwks', { flag: 'ff.a' }, '/flag'],
    ['jwks', { tenant: 'T' }, '/tenant'],
    ['jwks', { user: 'U' }, '/user'],
    ['flag', { tenant: 'T' }, '/tenant'],
    ['flag', { user: 'U' }, '/user'],
  ])('is not invalidated by what it is not kept by: %s with %j', async (namespace, what, pointer) => {
    await expect(invalidate(namespace, what)).rejects.toMatchObject({ code: 'invalid_field', pointer });
    expect(service.files.lines).toEqual([]);
  });
});
