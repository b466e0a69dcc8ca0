import { PttError, type Actor, type Scope } from '#libs/kernel';

/** Scopes and tenants bind verified tokens only: in decode-only mode nothing is known that could be enforced. */

/** @throws PttError `insufficient_scope` */
export function requireScope(actor: Actor, scope: Scope): void {
  if (!actor.verified || actor.scopes.has(scope)) return;
  throw new PttError('insufficient_scope', { detail: `This call needs a token with the scope ${scope}.` });
}

/** @param tenantId null where the call speaks for no tenant. @throws PttError `tenant_forbidden` */
export function requireTenant(actor: Actor, tenantId: string | null): void {
  if (tenantId === null || maySeeTenant(actor, tenantId)) return;
  throw new PttError('tenant_forbidden', {
    detail: 'The token is bound to other tenants; use one of its own tenants, or a token that is bound to none.',
  });
}

/** The same as a question, for lists and streams. */
export function maySeeTenant(actor: Actor, tenantId: string): boolean {
  return !isTenantBound(actor) || (actor.tenants?.includes(tenantId) ?? false);
}

/** Bound to some tenants, and so away from user overrides, which belong to no tenant. */
export function isTenantBound(actor: Actor): boolean {
  return actor.verified && actor.tenants !== null;
}

/** @throws PttError `tenant_forbidden` */
export function requireNotTenantBound(actor: Actor): void {
  if (!isTenantBound(actor)) return;
  throw new PttError('tenant_forbidden', {
    detail: 'The token is bound to tenants, and user overrides belong to none; use a token that is bound to none.',
  });
}

/** @throws PttError `verification_required` */
export function requireVerified(actor: Actor): void {
  if (actor.verified) return;
  throw new PttError('verification_required', {
    detail:
      'This call needs a verified token, and this service only decodes tokens; set its verification mode to verified.',
  });
}
