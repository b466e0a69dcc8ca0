import { type Actor, PttError } from '#libs/kernel';

/** True when the token is bound to tenants. What was only decoded binds nobody: decode-only mode enforces nothing. */
export function isBound(actor: Actor): boolean {
  return actor.verified && actor.tenants !== null;
}

/** @throws PttError tenant_forbidden when the token is bound to other tenants */
export function requireTenant(actor: Actor, tenantId: string, pointer: string): void {
  if (isBound(actor) && actor.tenants?.includes(tenantId) !== true) {
    throw new PttError('tenant_forbidden', {
      detail: `The token is bound to other tenants than ${JSON.stringify(tenantId)}.`,
      pointer,
    });
  }
}

/** User overrides belong to no tenant, so a token bound to tenants has no part in them. @throws PttError tenant_forbidden */
export function requireUserOverrides(actor: Actor, pointer: string): void {
  if (isBound(actor)) {
    throw new PttError('tenant_forbidden', {
      detail:
        'The token is bound to tenants, and user overrides belong to none. Use a token without the claim tenants.',
      pointer,
    });
  }
}

/** What every tenant feels is not for a token bound to some of them. @throws PttError tenant_forbidden */
export function requireEveryTenant(actor: Actor, pointer?: string): void {
  if (isBound(actor)) {
    throw new PttError('tenant_forbidden', {
      detail: 'The token is bound to tenants, and this is for all of them. Use a token without the claim tenants.',
      ...(pointer === undefined ? {} : { pointer }),
    });
  }
}

/**
 * The tenant that an evaluation is for. A bound token must not get round its tenant's overrides by naming no tenant:
 * bound to one, it speaks for that one; bound to several, it must say for which.
 * @throws PttError tenant_forbidden
 */
export function tenantOf(actor: Actor, tenantId: string | null): string | null {
  if (tenantId !== null) {
    requireTenant(actor, tenantId, '/tenant_id');
    return tenantId;
  }
  if (!isBound(actor)) return null;
  const [only, ...others] = actor.tenants ?? [];
  if (only !== undefined && others.length === 0) return only;
  throw new PttError('tenant_forbidden', {
    detail: 'The token is bound to several tenants or to none: say in tenant_id for which one of them.',
    pointer: '/tenant_id',
  });
}
