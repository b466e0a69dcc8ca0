import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '#libs/kernel';
import type { InvalidationScope, Namespace } from '../domain/invalidation.ts';
import { by, FlagService } from '../testing/flag-service.ts';
import { sampleOrigin } from '../testing/samples.ts';
import { InvalidateCache, InvalidateCacheHandler } from './invalidate-cache.ts';

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
});
afterEach(() => service.close());

const invalidate = (namespace: Namespace | null, what: InvalidationScope, actor: Partial<Actor> = {}) =>
  new InvalidateCacheHandler(service.files.flags, service.facts).execute(
    by(new InvalidateCache(namespace, what), sampleOrigin(actor)),
  );

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
      meta: { backing_state: 'file_backed' },
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
