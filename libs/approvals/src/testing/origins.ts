import type { Actor, Origin, Scope } from '#libs/kernel';

/** Somebody with a verified token. */
export function actorOf(id: string, roles: readonly string[] = [], scopes: readonly Scope[] = []): Actor {
  return { id, roles, scopes: new Set(scopes), tenants: null, verified: true, approvalRef: null };
}

export function originOf(actor: Actor = actorOf('ida')): Origin {
  return { actor, trace: { correlationId: 'c-1' } };
}
